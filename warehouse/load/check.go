package load

import "github.com/stepwell/stepwell/redshift/syntax"

// Check returns what is wrong with a COPY whatever its table is: its parameters and its source.
func Check(c *syntax.Copy) error {
	o, err := readOptions(c)
	if err != nil {
		return err
	}
	return (&Plan{statement: c, o: o}).locate()
}
