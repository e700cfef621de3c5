package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/template"
	"github.com/stepwell/stepwell/template/plan"
)

// recordKind are the records of what the templates of a project have made.
const recordKind = "project.resource"

// applier makes what a template says, and records each resource when it is made: what is interrupted goes on at the next start.
type applier struct {
	*local
	project *project.Project
	records service.Stored[plan.Record]
	// told is where the plan is shown.
	told io.Writer
	// live says that resources which are as they were are left alone; else all are made sure of.
	live bool
	// removal is asked for leave to delete what left the template and what must be made anew; nil: nothing is deleted.
	removal func([]plan.Record) bool
	remove  bool

	done    map[string]bool // by key
	failed  map[string]bool // by source and logical id
	highest int             // the highest order in the records
	wrong   []error
	broken  bool // not only custom resources, and what needs them, could not be made
	// news says that a custom resource has answered what the project does not know yet.
	news bool
}

// make makes what a project says; what is done is told. Where there is a removal it is asked whether what the project does not say
// any more, and what must be made anew, may be deleted.
//
// The project that is returned knows what custom resources have answered. The error is an unmade where only custom resources
// could not be made, and what needs them.
func (l *local) make(ctx context.Context, p *project.Project, told io.Writer, removal func([]plan.Record) bool) (*project.Project, error) {
	a := &applier{local: l, project: p, told: told, removal: removal}
	err := a.apply(ctx)
	return a.project, err
}

// unmade are the errors of custom resources: all is there that does not need them.
type unmade struct{ error }

// Unwrap returns the errors.
func (u unmade) Unwrap() error { return u.error }

// apply makes what the project says. The resources that do not need one that could not be made are made all the same.
func (a *applier) apply(ctx context.Context) error {
	a.records = service.Stored[plan.Record]{Records: a.store, Kind: recordKind}
	a.done, a.failed = map[string]bool{}, map[string]bool{}
	p, err := a.again(ctx)
	if err != nil {
		return err
	}
	tell(a.told, p, a.highest == 0)
	if doomed := append(p.Left(), p.Lost()...); a.removal != nil && len(doomed) > 0 {
		a.remove = a.removal(doomed)
	}
	for {
		at := slices.IndexFunc(p.Steps, func(s plan.Step) bool { return !a.done[s.Key()] })
		if at < 0 || ctx.Err() != nil {
			return a.outcome(ctx.Err())
		}
		a.try(ctx, p.Steps[at])
		if !a.news {
			continue
		}
		if p, err = a.again(ctx); err != nil {
			return a.outcome(err)
		}
	}
}

// outcome joins what went wrong with a last error, which may be nil.
func (a *applier) outcome(last error) error {
	switch err := errors.Join(append(a.wrong, last)...); {
	case err == nil:
		return nil
	case last == nil && !a.broken:
		return unmade{err}
	default:
		return err
	}
}

// try does a step and notes how it went.
func (a *applier) try(ctx context.Context, s plan.Step) {
	a.done[s.Key()] = true
	err := a.step(ctx, s)
	if err == nil {
		return
	}
	a.failed[s.Source+" "+s.LogicalID] = true
	a.wrong = append(a.wrong, err)
	a.broken = a.broken || !template.IsCustom(s.Type) && a.missing(s) == ""
}

// missing is a resource that another needs and that could not be made; empty: there is none.
func (a *applier) missing(s plan.Step) string {
	for _, need := range s.Needs {
		if a.failed[s.Source+" "+need] {
			return need
		}
	}
	return ""
}

// again reads the project with what custom resources have answered by now, and plans what is left of it.
func (a *applier) again(ctx context.Context) (plan.Plan, error) {
	project, err := answered(ctx, a.project, a.store)
	if err != nil {
		return plan.Plan{}, err
	}
	a.project, a.news = project, false
	return a.plan(ctx)
}

// plan compares the project with its records.
func (a *applier) plan(ctx context.Context) (plan.Plan, error) {
	records, err := a.records.All(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	for _, r := range records {
		a.highest = max(a.highest, r.Order)
	}
	return planOf(a.project, records)
}

// planOf compares a project with the records of its data folder.
func planOf(p *project.Project, records []plan.Record) (plan.Plan, error) {
	records = slices.DeleteFunc(records, func(r plan.Record) bool { return !p.Follows(r.Source) })
	var resources []plan.Resource
	for _, r := range p.Resources {
		if r.Declaration == nil || unreached(r.Declaration) == nil {
			resources = append(resources, r.Resource)
		}
	}
	slices.SortStableFunc(resources, func(a, b plan.Resource) int {
		_, one := kindOf(a.Type)
		_, other := kindOf(b.Type)
		return one - other
	})
	return plan.New(records, resources)
}

// tell shows what is going to be done; of a first start, in one line.
func tell(w io.Writer, p plan.Plan, first bool) {
	summary := p.Summary()
	if summary == "" {
		return
	}
	if !first {
		for _, s := range p.Steps {
			if s.Action != plan.Keep && !(s.Action == plan.Leave && s.Old.Left) {
				fmt.Fprintln(w, s)
			}
		}
	}
	fmt.Fprintf(w, "stepwell: %s\n", summary)
}

// step does one step and records it.
func (a *applier) step(ctx context.Context, s plan.Step) error {
	if s.Action == plan.Leave {
		return a.leave(ctx, s.Old)
	}
	if need := a.missing(s); need != "" {
		return misdeclared(a.resource(s.Key()), fault.New(fault.Conflict, "it is not made, because it needs %s", need))
	}
	if a.live && s.Action == plan.Keep {
		return nil
	}
	if err := a.produce(ctx, s); err != nil {
		return misdeclared(a.resource(s.Key()), err)
	}
	return a.record(ctx, s)
}

// produce makes a resource, or changes it.
func (a *applier) produce(ctx context.Context, s plan.Step) error {
	if template.IsCustom(s.Type) {
		return a.custom(ctx, s)
	}
	known, _ := kindOf(s.Type)
	if known.make == nil {
		return fault.New(fault.Unsupported, "resources of this type are not made here")
	}
	if s.Action == plan.Replace && s.Old != nil {
		if err := a.replace(ctx, known, s); err != nil {
			return err
		}
	}
	r, err := a.resolved(ctx, a.resource(s.Key()))
	if err != nil {
		return err
	}
	return known.make(ctx, a.local, a.project, r)
}

// replace deletes what must be made anew, if that was asked for: something is lost.
func (a *applier) replace(ctx context.Context, k kind, s plan.Step) error {
	if !a.remove {
		return fault.New(fault.Conflict, "%s cannot be changed without losing what is in it: stepwell up --remove deletes it and makes it anew", strings.Join(s.Fixed(), ", "))
	}
	return k.remove(ctx, a.local, s.Old)
}

// record notes what was made.
func (a *applier) record(ctx context.Context, s plan.Step) error {
	r := plan.Record{Version: plan.Version, Resource: s.Resource}
	if s.Old != nil {
		r.Order = s.Old.Order
	} else {
		a.highest++
		r.Order = a.highest
	}
	if s.Action == plan.Keep && s.Old.Same(&r) {
		return nil
	}
	return a.records.Put(ctx, r.Key(), r)
}

// leave makes what left the template quiet, or deletes it.
func (a *applier) leave(ctx context.Context, r *plan.Record) error {
	k, _ := kindOf(r.Type)
	if a.remove {
		return a.delete(ctx, r)
	}
	if r.Left {
		return nil
	}
	if k.quiet != nil {
		if err := k.quiet(ctx, a.local, r); err != nil {
			return unremovable(r, err)
		}
	}
	if r.Vanishes() {
		return a.records.Delete(ctx, r.Key())
	}
	left := *r
	left.Left = true
	return a.records.Put(ctx, r.Key(), left)
}

// delete deletes the thing of a record, unless its template retains it, and the record.
func (a *applier) delete(ctx context.Context, r *plan.Record) error {
	if r.Retain {
		fmt.Fprintf(a.told, "stepwell: %s (%s) %s stays: its DeletionPolicy retains it\n", r.LogicalID, r.Type, r.Name)
		return a.records.Delete(ctx, r.Key())
	}
	k, _ := kindOf(r.Type)
	if k.remove == nil {
		return fault.New(fault.Unsupported, "%s (%s) was made by another Stepwell, this one cannot delete it", r.LogicalID, r.Type)
	}
	if err := k.remove(ctx, a.local, r); err != nil {
		return unremovable(r, err)
	}
	return a.records.Delete(ctx, r.Key())
}

// resource finds a resource of the project.
func (a *applier) resource(key string) *project.Resource {
	at := slices.IndexFunc(a.project.Resources, func(r project.Resource) bool { return r.Key() == key })
	return &a.project.Resources[at]
}

// misdeclared says of which resource an error is.
func misdeclared(r *project.Resource, err error) error {
	if r.Declaration != nil {
		return misdeclaredResource(r.Declaration.Resource, err)
	}
	return misdeclaredResource(template.Resource{LogicalID: r.LogicalID, Type: r.Type, Position: r.Position}, err)
}

func misdeclaredResource(r template.Resource, err error) error {
	return fault.New(fault.KindOf(err), "%s (%s)", r.LogicalID, r.Type).Because(err).At(r.Position)
}

// unremovable says of which record an error is.
func unremovable(r *plan.Record, err error) error {
	return fault.New(fault.KindOf(err), "%s (%s)", r.LogicalID, r.Type).Because(err)
}
