package item

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Inventory is what the manifest of an inventory of S3's tells.
type Inventory struct {
	Bucket  string   // in which the files are
	Columns []string // of every file
	Keys    []string // of the files
}

// ReadInventory reads a manifest.json. Its files are CSV without headers; those of other formats are refused.
func ReadInventory(file io.Reader) (Inventory, error) {
	var m struct {
		DestinationBucket, FileFormat, FileSchema string
		Files                                     []struct{ Key string }
	}
	if err := json.NewDecoder(io.LimitReader(file, maxManifest)).Decode(&m); err != nil {
		return Inventory{}, errors.New("The manifest is not the JSON object of an inventory.")
	}
	if m.FileFormat != "CSV" {
		return Inventory{}, fmt.Errorf("The inventory's file format %q is not supported: it must be CSV.", m.FileFormat)
	}
	i := Inventory{Bucket: m.DestinationBucket[strings.LastIndexByte(m.DestinationBucket, ':')+1:]}
	for column := range strings.SplitSeq(m.FileSchema, ",") {
		i.Columns = append(i.Columns, strings.TrimSpace(column))
	}
	for _, f := range m.Files {
		i.Keys = append(i.Keys, f.Key)
	}
	if i.Bucket == "" || m.FileSchema == "" {
		return i, errors.New("The manifest names no destinationBucket or no fileSchema.")
	}
	return i, nil
}

// maxManifest bounds a manifest, in bytes.
const maxManifest = 64 << 20

// URIs reads a manifest of Athena's: the URIs of files, one in each line.
func URIs(file io.Reader) ([]string, error) {
	var uris []string
	lines := bufio.NewScanner(io.LimitReader(file, maxManifest))
	for lines.Scan() {
		uri := strings.Trim(strings.TrimSpace(lines.Text()), `"`)
		switch {
		case uri == "":
		case !strings.HasPrefix(uri, "s3://"):
			return nil, fmt.Errorf("The manifest has the line %.100q, which is no S3 URI.", uri)
		default:
			uris = append(uris, uri)
		}
	}
	return uris, lines.Err()
}
