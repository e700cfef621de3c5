package batch

import (
	"strconv"
	"strings"
)

// retryStrategy says how often a job is tried, and after which ends it is not tried again.
type retryStrategy struct {
	Attempts       *int64           `aws:"min=1,max=10"`
	EvaluateOnExit []evaluateOnExit `aws:"max=5"`
}

// evaluateOnExit is one rule: all conditions that it has must hold. A condition is a text or, with a star at its end, the
// beginning of one.
type evaluateOnExit struct {
	Action         string `aws:"required"`
	OnExitCode     string
	OnReason       string
	OnStatusReason string
}

const (
	actionRetry = "RETRY"
	actionExit  = "EXIT"
)

func (r *retryStrategy) check() error {
	if r == nil {
		return nil
	}
	if r.Attempts == nil && len(r.EvaluateOnExit) > 0 {
		return invalid("evaluateOnExit needs attempts")
	}
	for _, rule := range r.EvaluateOnExit {
		if action := strings.ToUpper(rule.Action); action != actionRetry && action != actionExit {
			return invalid("The action %q of evaluateOnExit is not RETRY or EXIT", rule.Action)
		}
		if rule.OnExitCode == "" && rule.OnReason == "" && rule.OnStatusReason == "" {
			return invalid("A rule of evaluateOnExit needs onExitCode, onReason or onStatusReason")
		}
		if code := strings.TrimSuffix(rule.OnExitCode, "*"); strings.Trim(code, "0123456789") != "" {
			return invalid("onExitCode %q is not a number, with or without a star at its end", rule.OnExitCode)
		}
	}
	return nil
}

// again says whether a job is tried again after so many attempts, of which the last ended badly. The first rule that matches
// decides; if none does, it is tried again.
func (r *retryStrategy) again(attempts int, last *attempt) bool {
	if r.Attempts == nil || attempts >= int(*r.Attempts) {
		return false
	}
	code := ""
	if last.ExitCode != nil {
		code = strconv.FormatInt(*last.ExitCode, 10)
	}
	for _, rule := range r.EvaluateOnExit {
		if fits(rule.OnExitCode, code) && fits(rule.OnReason, last.Reason) && fits(rule.OnStatusReason, last.StatusReason) {
			return strings.EqualFold(rule.Action, actionRetry)
		}
	}
	return true
}

// fits compares a text with a condition; an absent one always holds.
func fits(condition, text string) bool {
	if beginning, open := strings.CutSuffix(condition, "*"); open {
		return strings.HasPrefix(text, beginning)
	}
	return condition == "" || condition == text
}
