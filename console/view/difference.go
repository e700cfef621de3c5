package view

import "strings"

// DifferenceLine is a line of one of two texts, or of both.
type DifferenceLine struct {
	// Sign is + for a line that is only in the new text, - for one only in the old, a space for one in both, and … where equal
	// lines are left out.
	Sign string
	// Old and New are the line's numbers; 0: it is not in that text.
	Old, New int
	Text     string
}

const (
	// nearLines is how many equal lines are shown around a difference.
	nearLines = 3
	// maxCompared bounds the lines that are compared one with another. What is left of longer texts counts as replaced.
	maxCompared = 2000
)

// Difference tells line by line how a text became another; nothing when they are equal.
func Difference(old, new string) []DifferenceLine {
	if old == new {
		return nil
	}
	a, b := strings.Split(old, "\n"), strings.Split(new, "\n")
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var all []DifferenceLine
	for i := range head {
		all = append(all, DifferenceLine{" ", i + 1, i + 1, a[i]})
	}
	all = append(all, compare(a[head:len(a)-tail], b[head:len(b)-tail], head)...)
	for i := tail; i > 0; i-- {
		all = append(all, DifferenceLine{" ", len(a) - i + 1, len(b) - i + 1, a[len(a)-i]})
	}
	return near(all)
}

// compare finds the longest common subsequence of two lists of lines, whose numbers begin behind start.
func compare(a, b []string, start int) []DifferenceLine {
	var lines []DifferenceLine
	common := lengths(a, b)
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && common != nil && a[i] == b[j]:
			lines = append(lines, DifferenceLine{" ", start + i + 1, start + j + 1, a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && (common == nil || common[i+1][j] >= common[i][j+1]):
			lines = append(lines, DifferenceLine{"-", start + i + 1, 0, a[i]})
			i++
		default:
			lines = append(lines, DifferenceLine{"+", 0, start + j + 1, b[j]})
			j++
		}
	}
	return lines
}

// lengths are those of the longest common subsequences of what is left of two lists; nil when there are too many lines.
func lengths(a, b []string) [][]uint16 {
	if len(a) > maxCompared || len(b) > maxCompared {
		return nil
	}
	rows := make([][]uint16, len(a)+1)
	for i := range rows {
		rows[i] = make([]uint16, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				rows[i][j] = rows[i+1][j+1] + 1
			} else {
				rows[i][j] = max(rows[i+1][j], rows[i][j+1])
			}
		}
	}
	return rows
}

// near leaves out equal lines that are far from every difference.
func near(all []DifferenceLine) []DifferenceLine {
	keep := make([]bool, len(all))
	for i, line := range all {
		if line.Sign != " " {
			for k := max(0, i-nearLines); k <= min(len(all)-1, i+nearLines); k++ {
				keep[k] = true
			}
		}
	}
	var shown []DifferenceLine
	for i, line := range all {
		line.Text = visible(line.Text)
		switch {
		case keep[i]:
			shown = append(shown, line)
		case i == 0 || keep[i-1]:
			shown = append(shown, DifferenceLine{Sign: "…"})
		}
	}
	return shown
}
