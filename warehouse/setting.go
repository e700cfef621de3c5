package warehouse

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// tellSettings lets a statement see the session's parameters if it may ask for them: current_setting() and pg_settings read
// them from the connection.
func (s *Session) tellSettings(ctx context.Context, statement syntax.Statement) error {
	if s.settingsTold || !asksForSettings(statement.Source().Text) {
		return nil
	}
	text, err := json.Marshal(s.settings)
	if err != nil {
		return fault.New(fault.Internal, "write the settings").Because(err)
	}
	if err := s.conn.Set(ctx, "settings", string(text)); err != nil {
		return err
	}
	s.settingsTold = true
	return nil
}

func asksForSettings(text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(text, "current_setting") || strings.Contains(text, "pg_settings")
}

// setConfig is SELECT set_config('name', 'value', local). It reports false for any other query. Inside of an expression
// set_config is an error, because a backend's function cannot change the session.
func (s *Session) setConfig(ctx context.Context, j *job) (bool, error) {
	var words []syntax.Token
	for _, t := range j.statement.Source().Tokens {
		if t.Kind != syntax.End {
			words = append(words, t)
		}
	}
	if len(words) > 3 && words[1].Is("pg_catalog") && words[2].Is(".") {
		words = append(words[:1], words[3:]...)
	}
	if len(words) != 9 || !words[1].Is("set_config") || words[3].Kind != syntax.String || words[5].Kind != syntax.String ||
		!words[7].IsOneOf("true", "false") {
		return false, nil
	}
	name, value := strings.ToLower(words[3].Value()), words[5].Value()
	if err := s.set(ctx, name, value); err != nil {
		return true, err
	}
	return true, s.stream(&textRows{name: "set_config", lines: []string{s.settings[name]}}, j, -1, "SELECT")
}
