package unload

import (
	"strings"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/value"
)

// manifest writes the list of the files that were written.
func (w *Writer) manifest() error {
	if !w.plan.o.manifest {
		return nil
	}
	var entries []value.Value
	var records int64
	for _, f := range w.outcome.Files {
		count := f.Rows
		if w.plan.o.header {
			count++
		}
		records += count
		entries = append(entries, jsonObject("url", value.OfString(f.Name), "meta", w.meta(f.Size, count)))
	}
	document := jsonObject("entries", value.OfItems(entries))
	if w.plan.o.verbose {
		document = jsonObject("entries", value.OfItems(entries), "schema", w.schema(), "meta", w.meta(w.outcome.Size, records),
			"author", jsonObject("name", value.OfString("Amazon Redshift"), "version", value.OfString("1.0.0")))
	}
	key := w.plan.manifestKey()
	if _, err := w.store.Put(w.ctx, w.plan.bucket, key, strings.NewReader(document.Compact()+"\n"),
		bucket.Attributes{KMSKeyID: w.plan.o.kmsKey}); err != nil {
		return err
	}
	w.wrote(key, File{})
	return nil
}

func (w *Writer) meta(size, records int64) value.Value {
	if w.plan.o.verbose {
		return jsonObject("content_length", value.OfInt(size), "record_count", value.OfInt(records))
	}
	return jsonObject("content_length", value.OfInt(size))
}

// schema describes the columns that the files have.
func (w *Writer) schema() value.Value {
	var elements []value.Value
	for _, place := range w.kept {
		c := w.columns[place]
		elements = append(elements, jsonObject("name", value.OfString(c.Name), "type", manifestType(c)))
	}
	return jsonObject("elements", value.OfItems(elements))
}

func manifestType(c Column) value.Value {
	base := value.OfString(spelled[c.Type])
	switch c.Type {
	case "numeric":
		return jsonObject("base", base, "precision", value.OfInt(int64(c.Precision)), "scale", value.OfInt(int64(c.Scale)))
	case "varchar", "bpchar":
		length := c.Length
		if length == 0 {
			length = maxVarchar
		}
		return jsonObject("base", base, "max_length", value.OfInt(int64(length)))
	}
	return jsonObject("base", base)
}

// maxVarchar is the length of a text whose length is not known, in bytes.
const maxVarchar = 65535

// spelled are the types' names in SQL.
var spelled = map[string]string{"bool": "boolean", "int2": "smallint", "int4": "integer", "int8": "bigint", "float4": "real",
	"float8": "double precision", "numeric": "numeric", "varchar": "character varying", "bpchar": "character", "date": "date",
	"time": "time without time zone", "timetz": "time with time zone", "timestamp": "timestamp without time zone",
	"timestamptz": "timestamp with time zone", "interval": "interval", "super": "super", "varbyte": "binary varying"}

// object makes a JSON object of names and values in turn.
func jsonObject(pairs ...any) value.Value {
	var members []value.Member
	for i := 0; i < len(pairs); i += 2 {
		members = append(members, value.Member{Key: pairs[i].(string), Value: pairs[i+1].(value.Value)})
	}
	return value.OfMembers(members...)
}
