package asl

import (
	"slices"
	"unicode/utf8"

	"github.com/stepwell/stepwell/value"
)

// Distributed is what only a Map of Mode DISTRIBUTED has.
type Distributed struct {
	Express bool // the children's type
	Label   string
	// Definition is the item processor as the definition of a state machine of its own, a JSON text.
	Definition string
	Reader     *ItemReader   // nil: the items come from the state's input
	Batcher    *ItemBatcher  // nil: each item is a child's input
	Writer     *ResultWriter // nil: the results are the state's result
}

// Payload is a field that is a template, or in JSONata mode a query; with neither, it is absent.
type Payload struct {
	Template *Template
	Query    *Query
}

// ItemReader says where the items of a distributed Map are.
type ItemReader struct {
	Resource   string
	Parameters Payload
	InputType  string // CSV, JSON, JSONL or PARQUET; empty for a listing and for an inventory
	MaxItems   Number
	// Of CSV.
	CSVDelimiter      string // COMMA, PIPE, SEMICOLON, SPACE or TAB
	CSVHeaderLocation string // FIRST_ROW or GIVEN
	CSVHeaders        []string
	// ItemsPointer is where in a JSON file the items are, a JSON pointer; empty for the whole.
	ItemsPointer string
	// Manifest makes the object a list of the files to read: S3_INVENTORY or ATHENA_DATA; empty for none.
	Manifest string
	// Flatten reads every object of a listing as InputType.
	Flatten bool
}

// The resources of ItemReader and ResultWriter.
const (
	GetObject   = "arn:aws:states:::s3:getObject"
	ListObjects = "arn:aws:states:::s3:listObjectsV2"
	PutObject   = "arn:aws:states:::s3:putObject"
)

// ItemBatcher says how items are put together for one child.
type ItemBatcher struct {
	MaxItemsPerBatch      Number
	MaxInputBytesPerBatch Number
	BatchInput            Payload
}

// ResultWriter says what becomes of the results.
type ResultWriter struct {
	Resource   string // empty: they are not written, only transformed
	Parameters Payload
	// Transformation is NONE, COMPACT or FLATTEN; OutputType JSON or JSONL.
	Transformation, OutputType string
}

// distributed reads the fields of a Map that make it a distributed one, nil for an inline one.
func (o *object) distributed(name string) *Distributed {
	n := o.node.get(name)
	fields := []string{"ItemReader", "ItemBatcher", "ResultWriter", "Label"}
	config := processorConfig(n)
	if config == nil || config.get("Mode") == nil || config.get("Mode").text != "DISTRIBUTED" {
		for _, field := range fields {
			if o.has(field) {
				o.invalid(o.at(field), "Field '%s' is only supported for a Map of Mode 'DISTRIBUTED'", field)
			}
		}
		return nil
	}
	if o.options.Express {
		o.invalid(o.at(name), "Express state machine does not support Map of Mode 'DISTRIBUTED'")
	}
	d := &Distributed{Label: o.label(), Definition: o.childDefinition(n)}
	if kind := config.get("ExecutionType"); kind != nil {
		d.Express = kind.text == "EXPRESS"
	}
	o.inside("ItemReader", func(e *object) { d.Reader = e.itemReader() })
	o.inside("ItemBatcher", func(e *object) { d.Batcher = e.itemBatcher() })
	o.inside("ResultWriter", func(e *object) { d.Writer = e.resultWriter() })
	return d
}

func processorConfig(processor *node) *node {
	if processor == nil {
		return nil
	}
	return processor.get("ProcessorConfig")
}

// childDefinition is the text of a processor as a definition of its own.
func (o *object) childDefinition(processor *node) string {
	var members []value.Member
	if o.allJSONata {
		members = append(members, value.Member{Key: "QueryLanguage", Value: value.OfString(jsonataLanguage)})
	}
	for _, m := range processor.value().Members() {
		if m.Key != "ProcessorConfig" {
			members = append(members, m)
		}
	}
	return value.OfMembers(members...).Compact()
}

const maxLabel = 40

func (o *object) label() string {
	label := o.text("Label")
	if utf8.RuneCountInString(label) > maxLabel {
		o.invalid(o.at("Label"), "Label is longer than %d characters", maxLabel)
	}
	return label
}

// inside reads an object in a field and closes it.
func (o *object) inside(name string, read func(e *object)) {
	n := o.field(name)
	if n == nil {
		return
	}
	if e := o.object(n, o.at(name)); e != nil {
		e.jsonata, e.prefix = o.jsonata, o.prefix+name+"/"
		read(e)
		e.close()
	}
}

// payload reads Parameters, or what it is called in JSONata mode.
func (o *object) payload(jsonpath, jsonata string) Payload {
	if o.jsonata {
		return Payload{Query: o.query(jsonata, onlyInput)}
	}
	return Payload{Template: o.template(jsonpath)}
}

// amount reads a whole number that has a Path form, or in JSONata mode an expression.
func (o *object) amount(name string, allowed limits) Number {
	if o.jsonata {
		return o.numberOrQuery(name, allowed)
	}
	return o.countOrPath(name, allowed)
}

const maxItems = 100_000_000

func (o *object) itemReader() *ItemReader {
	o.require("Resource")
	r := &ItemReader{Resource: o.choose("Resource", GetObject, ListObjects), Parameters: o.payload("Parameters", "Arguments")}
	o.inside("ReaderConfig", func(e *object) { e.readerConfig(r) })
	if r.Resource != "" && r.Flatten != (r.Resource == ListObjects && r.InputType != "") {
		o.invalid(o.place, "For %s, and only there, InputType and the Transformation LOAD_AND_FLATTEN require each other", ListObjects)
	}
	if r.Resource == GetObject && r.InputType == "" && r.Manifest != Inventory {
		o.invalid(o.place, "The field 'InputType' is required in ReaderConfig for %s", GetObject)
	}
	return r
}

func (o *object) readerConfig(r *ItemReader) {
	r.InputType = o.choose("InputType", "CSV", "JSON", "MANIFEST", "JSONL", "PARQUET")
	r.MaxItems = o.amount("MaxItems", limits{0, maxItems})
	r.CSVDelimiter = o.choose("CSVDelimiter", "COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")
	r.CSVHeaderLocation = o.choose("CSVHeaderLocation", "FIRST_ROW", "GIVEN")
	o.array("CSVHeaders", func(item *node, at place) {
		if o.hasKind(item, at, value.String) {
			r.CSVHeaders = append(r.CSVHeaders, item.text)
		}
	})
	r.ItemsPointer = o.text("ItemsPointer")
	r.Flatten = o.choose("Transformation", "NONE", "LOAD_AND_FLATTEN") == "LOAD_AND_FLATTEN"
	o.manifest(r)
	o.checkCSV(r)
}

const (
	// Inventory is the Manifest of an inventory of S3's.
	Inventory = "S3_INVENTORY"
	// AthenaData is the Manifest of the files that a query of Athena wrote.
	AthenaData = "ATHENA_DATA"
)

func (o *object) manifest(r *ItemReader) {
	r.Manifest = o.choose("ManifestType", AthenaData, Inventory)
	switch {
	case r.InputType == "MANIFEST":
		r.InputType, r.Manifest = "", Inventory
	case r.Manifest == Inventory && r.InputType != "":
		o.invalid(o.at("InputType"), "The field 'InputType' must be absent for ManifestType '%s'", Inventory)
	case r.Manifest == AthenaData && r.InputType == "JSON":
		o.invalid(o.at("InputType"), "The field 'InputType' must be one of [CSV, JSONL, PARQUET] for ManifestType '%s'", AthenaData)
	case r.Manifest != "" && r.Resource != GetObject:
		o.invalid(o.at("ManifestType"), "ManifestType is for %s only", GetObject)
	}
}

func (o *object) checkCSV(r *ItemReader) {
	given := r.CSVHeaderLocation == "GIVEN"
	switch {
	case r.InputType == "CSV" && r.CSVHeaderLocation == "":
		o.invalid(o.place, "The field 'CSVHeaderLocation' is required for InputType 'CSV'")
	case r.InputType != "CSV" && slices.ContainsFunc([]string{"CSVDelimiter", "CSVHeaderLocation", "CSVHeaders"}, o.has):
		o.invalid(o.place, "The fields CSVDelimiter, CSVHeaderLocation and CSVHeaders are for InputType 'CSV' only")
	case given != (r.CSVHeaders != nil):
		o.invalid(o.place, "The field 'CSVHeaders' is required for CSVHeaderLocation 'GIVEN', and only for that")
	}
}

const maxBatchBytes = 256 << 10

func (o *object) itemBatcher() *ItemBatcher {
	b := &ItemBatcher{
		MaxItemsPerBatch:      o.amount("MaxItemsPerBatch", limits{0, maxItems}),
		MaxInputBytesPerBatch: o.amount("MaxInputBytesPerBatch", limits{0, maxBatchBytes}),
		BatchInput:            o.payload("BatchInput", "BatchInput"),
	}
	if b.MaxItemsPerBatch.IsZero() && b.MaxInputBytesPerBatch.IsZero() {
		o.invalid(o.place, "ItemBatcher requires MaxItemsPerBatch or MaxInputBytesPerBatch")
	}
	return b
}

func (o *object) resultWriter() *ResultWriter {
	w := &ResultWriter{Resource: o.choose("Resource", PutObject), Parameters: o.payload("Parameters", "Arguments")}
	if w.Transformation = "NONE"; w.Resource == "" {
		w.Transformation = "COMPACT"
	}
	w.OutputType = "JSON"
	o.inside("WriterConfig", func(e *object) {
		if t := e.choose("Transformation", "NONE", "COMPACT", "FLATTEN"); t != "" {
			w.Transformation = t
		}
		if t := e.choose("OutputType", "JSON", "JSONL"); t != "" {
			w.OutputType = t
		}
	})
	if !o.has("Resource") && !o.has("WriterConfig") {
		o.invalid(o.place, "ResultWriter requires Resource or WriterConfig")
	}
	return w
}
