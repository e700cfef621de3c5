package warehouse

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// parameterDefaults are the session parameters that SET knows, with their values in a new session.
var parameterDefaults = map[string]string{
	"analyze_threshold_percent":               "10",
	"application_name":                        "",
	"cast_super_null_on_error":                "on",
	"client_encoding":                         "UTF8",
	"client_min_messages":                     "notice",
	"datashare_break_glass_session_var":       "",
	"datestyle":                               "ISO, MDY",
	"default_geometry_encoding":               "1",
	"default_transaction_read_only":           "off",
	"describe_field_name_in_uppercase":        "off",
	"downcase_delimited_identifier":           "on",
	"enable_case_sensitive_identifier":        "off",
	"enable_case_sensitive_super_attribute":   "off",
	"enable_numeric_rounding":                 "on",
	"enable_result_cache_for_session":         "on",
	"enable_vacuum_boost":                     "off",
	"error_on_nondeterministic_update":        "off",
	"extra_float_digits":                      "0",
	"interval_forbid_composite_literals":      "off",
	"json_serialization_enable":               "off",
	"json_serialization_parse_nested_strings": "off",
	"max_concurrency_scaling_clusters":        "1",
	"max_cursor_result_set_size":              "0",
	"mv_enable_aqmv_for_session":              "on",
	"navigate_super_null_on_error":            "on",
	"parse_super_null_on_error":               "off",
	"pg_federation_repeatable_read":           "on",
	"query_group":                             "default",
	"search_path":                             "$user, public",
	"session_authorization":                   "",
	"spectrum_enable_pseudo_columns":          "on",
	"spectrum_query_maxerror":                 "-1",
	"statement_timeout":                       "0",
	"stored_proc_log_min_messages":            "LOG",
	"timezone":                                "UTC",
	"transaction_isolation":                   "SERIALIZABLE",
	"use_fips_ssl":                            "false",
	"wlm_query_slot_count":                    "1",
}

// parameter is SET, RESET and SHOW. Parameters act at once and outlive a rollback.
func (s *Session) parameter(ctx context.Context, j *job) error {
	switch p := j.statement.(type) {
	case *syntax.Set:
		j.result.Tag = "SET"
		if s.calls > 0 && p.Local {
			return notYet("SET LOCAL is not supported in a stored procedure")
		}
		value := strings.Join(p.Values, ", ")
		if fallback, ok := parameterDefaults[p.Name]; ok && strings.EqualFold(value, "default") {
			value = fallback
		}
		return s.set(ctx, p.Name, value)
	case *syntax.Reset:
		j.result.Tag = "RESET"
		return s.reset(ctx, p.Name)
	case *syntax.Show:
		return s.show(j, p.Name)
	}
	return nil
}

func (s *Session) set(ctx context.Context, name, value string) error {
	if _, known := s.settings[name]; !known && !strings.Contains(name, ".") {
		return fault.Invalidf("unrecognized configuration parameter %q", name).WithCode("42704")
	}
	switch name {
	case "search_path":
		path, err := s.realPath(ctx, value)
		if err != nil {
			return err
		}
		if err := s.conn.Set(ctx, name, path); err != nil {
			return err
		}
	case "timezone":
		var err error
		if value, err = s.setTimezone(ctx, value); err != nil {
			return err
		}
	}
	s.settings[name], s.settingsTold = value, false
	return nil
}

// realPath leaves out of a search path the schemas that do not exist, among them the user's own one.
func (s *Session) realPath(ctx context.Context, path string) (string, error) {
	var schemas []string
	for part := range strings.SplitSeq(path, ",") {
		part = strings.ToLower(strings.Trim(strings.TrimSpace(part), `"'`))
		found, err := s.schemaExists(ctx, part)
		if err != nil {
			return "", err
		}
		if found {
			schemas = append(schemas, part)
		}
	}
	if len(schemas) == 0 {
		return DefaultSchema, nil
	}
	return strings.Join(schemas, ","), nil
}

func (s *Session) reset(ctx context.Context, name string) error {
	if name != "all" {
		if _, known := parameterDefaults[name]; !known {
			delete(s.settings, name)
			s.settingsTold = false
			return nil
		}
		return s.set(ctx, name, parameterDefaults[name])
	}
	for _, name := range slices.Sorted(maps.Keys(s.settings)) {
		if err := s.reset(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) show(j *job, name string) error {
	if name == "all" {
		var lines []string
		for _, name := range slices.Sorted(maps.Keys(s.settings)) {
			lines = append(lines, name+" = "+s.settings[name])
		}
		return s.stream(&textRows{name: "setting", lines: lines}, j, -1, "SHOW")
	}
	value, known := s.settings[name]
	if !known {
		return fault.Invalidf("unrecognized configuration parameter %q", name).WithCode("42704")
	}
	return s.stream(&textRows{name: name, lines: []string{value}}, j, -1, "SHOW")
}
