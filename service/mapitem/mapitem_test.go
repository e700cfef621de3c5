package mapitem_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/service/mapitem"
	"github.com/stepwell/stepwell/value"
)

func zipped(text string) string {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = io.WriteString(z, text)
	z.Close()
	return out.String()
}

func parquetFile(name string) string {
	type row struct {
		Name string `parquet:"name"`
	}
	var out bytes.Buffer
	_ = parquet.Write(&out, []row{{name}})
	return out.String()
}

func open(t *testing.T) bucket.Store {
	store := dir.New(t.TempDir(), nil)
	if err := store.Make("etl"); err != nil {
		t.Fatal(err)
	}
	for key, body := range map[string]string{
		"in/a.csv": "id,name\n1,x\n", "in/b.csv": "id,name\n2,y\n", "in/empty.csv": "", "z.csv.gz": zipped("id\n7\n"), "bad.csv.gz": "this is no gzip at all", "list.json": `{"rows": [1, 2]}`, "l.jsonl": "1\n2\n",
		"manifest.json": `{"sourceBucket": "x", "destinationBucket": "arn:aws:s3:::etl", "fileFormat": "CSV", "fileSchema": "Bucket, Key", "files": [{"key": "inv.csv.gz", "size": 1}]}`,
		"inv.csv.gz":    zipped("\"x\",\"a/b.txt\"\n"),
		"orc.json":      `{"destinationBucket": "arn:aws:s3:::etl", "fileFormat": "ORC", "fileSchema": "x", "files": []}`,
		"lost.json":     `{"destinationBucket": "arn:aws:s3:::etl", "fileFormat": "CSV", "fileSchema": "x", "files": [{"key": "gone.csv"}]}`,
		"p/a.parquet":   parquetFile("x"), "p/b.parquet": parquetFile("y"), "cut.parquet": parquetFile("z")[:40],
		"p-manifest.csv": "s3://etl/p/a.parquet\n\"s3://etl/p/b.parquet\"\n",
		"q-manifest.csv": "s3://etl/in/a.csv\ns3://etl/in/b.csv\n", "odd-manifest.csv": "in/a.csv\n",
	} {
		if _, err := store.Put(t.Context(), "etl", key, strings.NewReader(body), bucket.Attributes{}); err != nil {
			t.Fatal(err)
		}
	}
	return store
}

func TestRead(t *testing.T) {
	inventory := asl.ItemReader{Resource: asl.GetObject, Manifest: asl.Inventory}
	csv := asl.ItemReader{Resource: asl.GetObject, InputType: "CSV"}
	parquet := asl.ItemReader{Resource: asl.GetObject, InputType: "PARQUET"}
	for _, c := range []struct {
		name, parameters string
		reader           asl.ItemReader
		want             string
	}{
		{"CSV", `{"Bucket": "etl", "Key": "in/a.csv", "ExpectedBucketOwner": "123456789012"}`, csv, `s3://etl/in/a.csv {"name":"x","id":"1"}`},
		{"gzip", `{"Bucket": "etl", "Key": "z.csv.gz"}`, csv, `s3://etl/z.csv.gz {"id":"7"}`},
		{"no gzip", `{"Bucket": "etl", "Key": "bad.csv.gz"}`, csv, `! gzip: invalid header`},
		{"JSON", `{"Bucket": "etl", "Key": "list.json"}`, asl.ItemReader{Resource: asl.GetObject, InputType: "JSON", ItemsPointer: "/rows"},
			"s3://etl/list.json 1\ns3://etl/list.json 2"},
		{"JSON Lines", `{"Bucket": "etl", "Key": "l.jsonl"}`, asl.ItemReader{Resource: asl.GetObject, InputType: "JSONL"}, "s3://etl/l.jsonl 1\ns3://etl/l.jsonl 2"},
		{"all of a listing", `{"Bucket": "etl", "Prefix": "in/"}`, asl.ItemReader{Resource: asl.ListObjects, InputType: "CSV", Flatten: true},
			`s3://etl/in/a.csv {"name":"x","id":"1"}` + "\n" + `s3://etl/in/b.csv {"name":"y","id":"2"}`},
		{"an inventory", `{"Bucket": "etl", "Key": "manifest.json"}`, inventory, `s3://etl/inv.csv.gz {"Bucket":"x","Key":"a/b.txt"}`},
		{"an inventory in another format", `{"Bucket": "etl", "Key": "orc.json"}`, inventory, `! The inventory's file format "ORC" is not supported: it must be CSV.`},
		{"an inventory with a missing file", `{"Bucket": "etl", "Key": "lost.json"}`, inventory, `! The specified key does not exist.: s3://etl/gone.csv`},
		{"no inventory", `{"Bucket": "etl", "Key": "l.jsonl"}`, inventory, `! The manifest is not the JSON object of an inventory.`},
		{"files of a query", `{"Bucket": "etl", "Key": "q-manifest.csv"}`, asl.ItemReader{Resource: asl.GetObject, InputType: "CSV", Manifest: asl.AthenaData},
			`s3://etl/in/a.csv {"name":"x","id":"1"}` + "\n" + `s3://etl/in/b.csv {"name":"y","id":"2"}`},
		{"Parquet", `{"Bucket": "etl", "Key": "p/a.parquet"}`, parquet, `s3://etl/p/a.parquet {"name":"x"}`},
		{"Parquet files of a query", `{"Bucket": "etl", "Key": "p-manifest.csv"}`, asl.ItemReader{Resource: asl.GetObject, InputType: "PARQUET", Manifest: asl.AthenaData},
			`s3://etl/p/a.parquet {"name":"x"}` + "\n" + `s3://etl/p/b.parquet {"name":"y"}`},
		{"Parquet files of a listing", `{"Bucket": "etl", "Prefix": "p/"}`, asl.ItemReader{Resource: asl.ListObjects, InputType: "PARQUET", Flatten: true},
			`s3://etl/p/a.parquet {"name":"x"}` + "\n" + `s3://etl/p/b.parquet {"name":"y"}`},
		{"truncated Parquet", `{"Bucket": "etl", "Key": "cut.parquet"}`, parquet, `! The file is not a Parquet file, or it is truncated: it does not end with PAR1.`},
		{"no Parquet object", `{"Bucket": "etl", "Key": "none"}`, parquet, `! The specified key does not exist.: s3://etl/none`},
		{"no files of a query", `{"Bucket": "etl", "Key": "odd-manifest.csv"}`, asl.ItemReader{Resource: asl.GetObject, InputType: "CSV", Manifest: asl.AthenaData},
			`! The manifest has the line "in/a.csv", which is no S3 URI.`},
		{"no object", `{"Bucket": "etl", "Key": "none"}`, csv, `! The specified key does not exist.: s3://etl/none`},
		{"no bucket", `{"Bucket": "none"}`, asl.ItemReader{Resource: asl.ListObjects}, `! The specified bucket does not exist: s3://none`},
		{"no key", `{"Bucket": "etl"}`, csv, `! ItemReader requires the parameters Bucket and Key, or Bucket for a listing.`},
		{"a version", `{"Bucket": "etl", "Key": "z", "VersionId": "1"}`, csv, `! The parameter VersionId of ItemReader is not supported.`},
		{"a number", `{"Bucket": "etl", "Key": 1}`, csv, `! The parameter Key of ItemReader must be a string.`},
	} {
		t.Run(c.name, func(t *testing.T) {
			reader := &machine.ItemReader{ItemReader: &c.reader, Parameters: value.MustParse(c.parameters)}
			var lines []string
			for it, err := range mapitem.New(open(t)).Read(t.Context(), reader) {
				if err != nil {
					lines = append(lines, "! "+err.Error())
				} else {
					lines = append(lines, it.Source+" "+it.Value.Text())
				}
			}
			if got := strings.Join(lines, "\n"); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestListing(t *testing.T) {
	reader := &machine.ItemReader{ItemReader: &asl.ItemReader{Resource: asl.ListObjects}, Parameters: value.MustParse(`{"Bucket": "etl", "Prefix": "in/a"}`)}
	for it, err := range mapitem.New(open(t)).Read(t.Context(), reader) {
		if err != nil {
			t.Fatal(err)
		}
		size, _ := it.Value.Get("Size")
		tag, _ := it.Value.Get("Etag")
		if it.Source != "s3://etl/in/a.csv" || size.Text() != "12" || len(tag.Str()) != 34 {
			t.Errorf("%s from %s", it.Value.Text(), it.Source)
		}
	}
}

func TestCreate(t *testing.T) {
	store := open(t)
	items := mapitem.New(store)
	size, err := items.Create(t.Context(), "etl", "out/a.json", func(w io.Writer) error {
		_, err := io.WriteString(w, "[1]")
		return err
	})
	if err != nil || size != 3 {
		t.Errorf("%d bytes, %v", size, err)
	}
	broken := errors.New("the results are gone")
	if _, err := items.Create(t.Context(), "etl", "out/b.json", func(io.Writer) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("error is %v", err)
	}
	if _, err := store.Head(t.Context(), "etl", "out/b.json"); err == nil {
		t.Error("a file that was not written to its end is there")
	}
	if _, err := items.Create(t.Context(), "none", "a", func(w io.Writer) error { _, err := io.WriteString(w, "x"); return err }); err == nil {
		t.Error("there is no such bucket")
	}
}
