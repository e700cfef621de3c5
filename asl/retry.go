package asl

import (
	"slices"
	"strconv"

	"github.com/stepwell/stepwell/value"
)

const maxDelaySeconds = 31622400

func (o *object) retriers() []Retrier {
	var list []Retrier
	o.entries("Retry", func(e *object) {
		list = append(list, e.retrier())
	})
	return list
}

// entries reads the objects of Retry or Catch and checks where States.ALL stands.
func (o *object) entries(name string, read func(e *object)) {
	last := -1
	if n := o.node.get(name); n != nil {
		last = len(n.items) - 1
	}
	index := 0
	o.array(name, func(item *node, at place) {
		if e := o.object(item, at); e != nil {
			e.jsonata = o.jsonata
			read(e)
			e.checkAll(index == last)
			e.skip("Comment")
			e.close()
		}
		index++
	})
}

func (o *object) checkAll(last bool) {
	n := o.node.get("ErrorEquals")
	if n == nil {
		return
	}
	all := slices.ContainsFunc(n.items, func(item *node) bool { return item.text == "States.ALL" })
	if all && (len(n.items) > 1 || !last) {
		o.invalid(o.at("ErrorEquals"), "States.ALL must appear alone and at end of list")
	}
}

func (o *object) errorEquals() []string {
	var names []string
	o.require("ErrorEquals")
	o.nonEmpty("ErrorEquals", func(item *node, at place) {
		if o.hasKind(item, at, value.String) {
			names = append(names, item.text)
		}
	})
	return names
}

func (o *object) retrier() Retrier {
	r := Retrier{ErrorEquals: o.errorEquals(), IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2}
	if v := o.integer("IntervalSeconds", limits{0, maxSeconds}); v != nil {
		r.IntervalSeconds = int64(*v)
	}
	if v := o.integer("MaxAttempts", limits{0, maxSeconds}); v != nil {
		r.MaxAttempts = int64(*v)
	}
	if v := o.number("BackoffRate", limits{1, none}); v != nil {
		r.BackoffRate = *v
	}
	if v := o.integer("MaxDelaySeconds", limits{1, maxDelaySeconds}); v != nil {
		r.MaxDelaySeconds = int64(*v)
		if r.MaxDelaySeconds <= r.IntervalSeconds {
			o.invalid(o.at("MaxDelaySeconds"), "MaxDelaySeconds must be greater than IntervalSeconds")
		}
	}
	r.FullJitter = o.choose("JitterStrategy", "NONE", "FULL") == "FULL"
	return r
}

func (o *object) catchers() []Catcher {
	var list []Catcher
	o.entries("Catch", func(e *object) {
		c := Catcher{Next: e.nextTarget(), ErrorEquals: e.errorEquals()}
		if e.jsonata {
			e.prefix = "Catch[" + strconv.Itoa(len(list)) + "]/"
			c.JSONata = &Queries{Output: e.query("Output", withErrorOutput), Assign: e.assignQuery(withErrorOutput)}
		} else {
			c.ResultPath = e.resultPath()
			c.Assign = e.assign()
		}
		list = append(list, c)
	})
	return list
}
