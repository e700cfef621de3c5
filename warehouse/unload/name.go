package unload

import (
	"fmt"
	"regexp"
	"strings"
)

// sliceCount is the number of slices that share the rows of a parallel UNLOAD, as on a cluster of one small node.
const sliceCount = 2

var suffixes = map[string]string{"GZIP": ".gz", "BZIP2": ".bz2", "ZSTD": ".zst"}

// suffix ends the name of every data file.
func (o *options) suffix() string {
	switch {
	case o.extension != "":
		return o.extension
	case o.format == parquetFormat:
		return ".parquet"
	}
	return suffixes[o.codec]
}

// key names a part: folder is empty or that of a partition, with its slash.
func (p *Plan) key(folder string, slice, part int) string {
	name := fmt.Sprintf("%03d", part)
	if p.o.parallel || p.o.format == parquetFormat {
		name = fmt.Sprintf("%04d_part_%02d", slice, part)
	}
	return p.prefix + folder + name + p.o.suffix()
}

func (p *Plan) url(key string) string { return "s3://" + p.bucket + "/" + key }

func (p *Plan) manifestKey() string { return p.prefix + "manifest" }

// targets matches the rest behind the prefix of every key that this UNLOAD may write.
func (p *Plan) targets() *regexp.Regexp {
	folder, name := "", `\d{3,}`
	for _, column := range p.o.partitions {
		folder += regexp.QuoteMeta(escaped(column)) + `=[^/]*/`
	}
	if p.o.parallel || p.o.format == parquetFormat {
		name = `\d{4}_part_\d{2,}`
	}
	pattern := folder + name + regexp.QuoteMeta(p.o.suffix())
	if p.o.manifest {
		pattern += "|manifest"
	}
	return regexp.MustCompile("^(?:" + pattern + ")$")
}

// noPartition is the value that stands for null in a folder's name.
const noPartition = "__HIVE_DEFAULT_PARTITION__"

// folder names the folder of a partition: a=1/b=x/.
func folder(names []string, values []string, null []bool) string {
	var b strings.Builder
	for i, name := range names {
		text := noPartition
		if !null[i] {
			text = escaped(values[i])
		}
		b.WriteString(escaped(name) + "=" + text + "/")
	}
	return b.String()
}

// escaped writes the characters that Hive does not have in the names of folders as %XX.
func escaped(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == 0x7f || strings.IndexByte(`"#%'*/:=?\{[]^`, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
