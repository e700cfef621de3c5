package translate

import "strings"

// withinGroup takes WITHIN GROUP (ORDER BY …) from behind a call and returns the pieces of its order.
func (r *rewriter) withinGroup() []piece {
	if !r.peek(0).is("WITHIN") || !r.peek(1).is("GROUP") || !r.peek(2).isGroup() {
		return nil
	}
	order := r.peek(2).group
	r.i += 3
	if len(order) > 2 && order[0].is("ORDER") && order[1].is("BY") {
		return order[2:]
	}
	return nil
}

// over takes OVER (…) or OVER name from behind a call and returns it as finished text.
func (r *rewriter) over() string {
	if !r.peek(0).is("OVER") {
		return ""
	}
	window := rewrite(r.in[r.i+1 : min(r.i+2, len(r.in))])
	r.i += 2
	return " OVER " + strings.TrimSpace(text(window))
}

// listagg makes an ordered string_agg. The backend wants a separator always.
func listagg(r *rewriter, arguments [][]piece) (string, bool) {
	value, separator := arguments[0], "''"
	if len(arguments) > 1 {
		separator = sql(arguments[1])
	}
	order := ""
	if pieces := r.withinGroup(); pieces != nil {
		order = " ORDER BY " + sql(pieces)
	}
	if !at(value, 0).is("DISTINCT") {
		return "string_agg(rs_text(" + sql(value) + "), " + separator + order + ")" + r.over(), true
	}
	// The backend orders a DISTINCT aggregate only by its own argument, which must not become text before.
	distinct := sql(value[1:])
	return "array_to_string(list_transform(list(DISTINCT " + distinct + order + ") FILTER (" + distinct + " IS NOT NULL)" + r.over() +
		", lambda v: rs_text(v)), " + separator + ")", true
}

// total gives SUM and AVG their results' types, which depend on the argument's: the macros get any of its values too, of
// which the backend looks at the type only.
func total(macro string) func(*rewriter, [][]piece) (string, bool) {
	return func(r *rewriter, arguments [][]piece) (string, bool) {
		if len(arguments) != 1 {
			return "", false
		}
		quantifier, argument := "", arguments[0]
		if at(argument, 0).is("ALL", "DISTINCT") {
			quantifier, argument = argument[0].token.Upper()+" ", argument[1:]
		}
		value, window := sql(argument), r.filter()+r.over()
		call := macro + "(sum(" + quantifier + value + ")" + window + ", any_value(" + value + ")" + window
		if macro == "rs_average" {
			call += ", count(" + quantifier + value + ")" + window
		}
		return call + ")", true
	}
}

// filter takes FILTER (…) from behind a call and returns it as finished text.
func (r *rewriter) filter() string {
	if !r.peek(0).is("FILTER") {
		return ""
	}
	condition := rewrite(r.in[r.i+1 : min(r.i+2, len(r.in))])
	r.i += 2
	return " FILTER " + strings.TrimSpace(text(condition))
}

func ratioToReport(r *rewriter, arguments [][]piece) (string, bool) {
	value := sql(arguments[0])
	return "(CAST(" + value + " AS DOUBLE) / nullif(sum(" + value + ")" + r.over() + ", 0))", true
}

// percentile turns the ordered-set form into the backend's function of two arguments, which may also have a window.
func percentile(name string) func(*rewriter, [][]piece) (string, bool) {
	return func(r *rewriter, arguments [][]piece) (string, bool) {
		order := r.withinGroup()
		if order == nil || len(arguments) != 1 {
			return "", false
		}
		fraction := sql(arguments[0])
		last := order[len(order)-1]
		if last.is("DESC") {
			fraction = "1 - " + fraction
		}
		if last.is("DESC", "ASC") {
			order = order[:len(order)-1]
		}
		return name + "(" + sql(order) + ", " + fraction + ")" + r.over(), true
	}
}
