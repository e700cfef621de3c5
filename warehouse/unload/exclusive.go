package unload

import (
	"slices"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// exclusions lists, for a parameter, those that cannot stand beside it.
var exclusions = map[string][]string{
	"CSV":         {"JSON", "PARQUET", "FIXEDWIDTH", "ADDQUOTES", "ESCAPE"},
	"JSON":        {"PARQUET", "DELIMITER", "HEADER", "FIXEDWIDTH", "ADDQUOTES", "ESCAPE", "NULL"},
	"PARQUET":     {"DELIMITER", "FIXEDWIDTH", "ADDQUOTES", "ESCAPE", "NULL", "HEADER", "GZIP", "BZIP2", "ZSTD"},
	"FIXEDWIDTH":  {"DELIMITER", "HEADER", "ADDQUOTES", "ESCAPE"},
	"CLEANPATH":   {"ALLOWOVERWRITE"},
	"KMS_KEY_ID":  {"CREDENTIALS"},
	"IAM_ROLE":    {"CREDENTIALS", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"},
	"CREDENTIALS": {"ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"},
}

// needs lists, for a parameter, the one without which it means nothing.
var needs = map[string]string{"INCLUDE": "PARTITION BY", "ROWGROUPSIZE": "PARQUET", "KMS_KEY_ID": "ENCRYPTED",
	"ACCESS_KEY_ID": "SECRET_ACCESS_KEY", "SECRET_ACCESS_KEY": "ACCESS_KEY_ID", "SESSION_TOKEN": "ACCESS_KEY_ID"}

// exclusive refuses parameters that contradict each other, at the place of the second.
func exclusive(seen map[string]bool, u *syntax.Unload) error {
	for i, option := range u.Options {
		for _, before := range u.Options[:i] {
			if slices.Contains(exclusions[option.Name], before.Name) || slices.Contains(exclusions[before.Name], option.Name) {
				return invalid(option, "%s is not supported with %s", option.Name, before.Name)
			}
		}
		if need := needs[option.Name]; need != "" && !seen[need] {
			return invalid(option, "%s needs %s", option.Name, need)
		}
		if option.Name == "ENCRYPTED" && len(option.Values) > 0 && seen["KMS_KEY_ID"] {
			return invalid(option, "ENCRYPTED AUTO is not supported with KMS_KEY_ID")
		}
	}
	if !seen["IAM_ROLE"] && !seen["CREDENTIALS"] && !seen["ACCESS_KEY_ID"] {
		return fault.Invalidf("must specify credentials").WithCode("42601").At(u.ToPosition)
	}
	return nil
}

// fits checks the options that depend on the query's columns.
func (p *Plan) fits(columns []Column) error {
	if p.o.format == fixedWidth && len(p.o.widths) != len(columns)-p.dropped() {
		return fault.Invalidf("FIXEDWIDTH has %d widths for %d columns", len(p.o.widths), len(columns)-p.dropped()).WithCode("42601")
	}
	if p.o.format != jsonFormat {
		return nil
	}
	seen := map[string]bool{}
	for _, c := range columns {
		if seen[c.Name] {
			return fault.Invalidf("UNLOAD to JSON needs columns with different names: %q stands twice", c.Name).WithCode("42701")
		}
		seen[c.Name] = true
	}
	return nil
}

// dropped counts the columns that stand in the names of folders only.
func (p *Plan) dropped() int {
	if p.o.include {
		return 0
	}
	return len(p.o.partitions)
}
