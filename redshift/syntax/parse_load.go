package syntax

import "github.com/stepwell/stepwell/fault"

func (p *parser) copy() Statement {
	p.expect("COPY")
	if p.see("JOB") && !p.ahead(1).IsOneOf("FROM", "(", ".") {
		return p.copyJob()
	}
	c := &Copy{Fragment: p.fragment, Target: p.name()}
	if p.see("(") {
		c.Columns = p.columns()
	}
	p.expect("FROM")
	if p.see("STDIN") {
		p.fail(fault.New(fault.Unsupported, "LOAD source is not supported. (Hint: only S3 or DynamoDB or EMR based load is allowed)").
			WithCode("0A000").At(p.peek().Position()))
	}
	c.FromPosition = p.peek().Position()
	c.From = p.string()
	for !p.done() {
		if p.see("JOB", "CREATE") {
			c.Job = p.job()
			break
		}
		c.Options = append(c.Options, p.option())
	}
	return c
}

func (p *parser) job() *Job {
	j := &Job{Position: p.peek().Position()}
	p.expect("JOB", "CREATE")
	j.Name = p.identifier()
	if p.accept("AUTO") {
		j.Manual = p.oneOf("ON", "OFF") == "OFF"
	}
	return j
}

func (p *parser) copyJob() Statement {
	p.expect("JOB")
	j := &CopyJob{Fragment: p.fragment, Action: p.oneOf("LIST", "SHOW", "RUN", "DROP", "ALTER")}
	if j.Action != "LIST" {
		j.Name = p.identifier()
	}
	if j.Action == "ALTER" && p.accept("AUTO") {
		on := p.oneOf("ON", "OFF") == "ON"
		j.Auto = &on
	}
	return j
}

// longOptions are the parameters of COPY and UNLOAD whose names have several words.
var longOptions = [][]string{{"PARTITION", "BY"}, {"WITH", "CREDENTIALS"}}

// keywordValues are the words that parameters take as values.
var keywordValues = map[string][]string{
	"IAM_ROLE": {"DEFAULT"}, "COMPUPDATE": {"ON", "OFF", "TRUE", "FALSE", "PRESET"}, "STATUPDATE": {"ON", "OFF", "TRUE", "FALSE"},
	"PARALLEL": {"ON", "OFF", "TRUE", "FALSE"}, "GEOMETRY": {"AUTO"}, "SIMPLIFY": {"AUTO"},
	"ENCODING": {"UTF8", "UTF16", "UTF16LE", "UTF16BE", "ISO88591"}, "MANIFEST": {"VERBOSE"}, "EXTENSION": {}, "ENCRYPTED": {"AUTO"},
}

// option reads one parameter with its values. Commas between parameters are tolerated as Redshift does.
func (p *parser) option() Option {
	at := p.peek().Position()
	if p.peek().Kind != Word {
		p.unexpected()
	}
	if p.accept("FORMAT") {
		p.accept("AS")
	}
	o := Option{Name: p.optionName(), Position: at}
	p.accept("AS")
	for p.optionValue(&o) {
	}
	p.accept(",")
	return o
}

func (p *parser) optionName() string {
	for _, words := range longOptions {
		if p.accept(words...) {
			if words[0] == "WITH" {
				return words[1]
			}
			return words[0] + " " + words[1]
		}
	}
	if p.peek().Kind != Word {
		p.unexpected()
	}
	return p.next().Upper()
}

func (p *parser) optionValue(o *Option) bool {
	t := p.peek()
	switch {
	case t.Kind == String || t.Kind == Number:
		if o.Name == "CSV" || len(o.Values) > 0 && o.Name != "SIMPLIFY" {
			return false
		}
		o.Values = append(o.Values, p.next().Value())
	case t.Is("("):
		o.Values = append(o.Values, p.columns()...)
	case t.Kind == Word && t.IsOneOf(keywordValues[o.Name]...):
		o.Values = append(o.Values, p.next().Value())
	case o.Name == "MAXFILESIZE" || o.Name == "ROWGROUPSIZE":
		if !t.IsOneOf("MB", "GB") {
			return false
		}
		o.Values = append(o.Values, p.next().Upper())
	default:
		return false
	}
	return true
}

func (p *parser) unload() Statement {
	p.expect("UNLOAD", "(")
	u := &Unload{Fragment: p.fragment, QueryPosition: bodyPosition(p.peek()), Query: p.string()}
	p.expect(")", "TO")
	u.ToPosition = p.peek().Position()
	u.To = p.string()
	for !p.done() {
		u.Options = append(u.Options, p.option())
	}
	return u
}
