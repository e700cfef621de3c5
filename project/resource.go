package project

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/service/lambda"
	"github.com/stepwell/stepwell/template"
	"github.com/stepwell/stepwell/template/plan"
	"github.com/stepwell/stepwell/value"
)

// Resource is a resource that the project makes, for a plan, with what it is made of: one of the pointers is set.
type Resource struct {
	plan.Resource
	Machine     *Machine
	Bucket      *template.Bucket
	Topic       *template.Topic
	Declaration *template.Declaration
}

// The types of resources that are no declarations.
const (
	MachineType = "AWS::StepFunctions::StateMachine"
	BucketType  = "AWS::S3::Bucket"
	TopicType   = "AWS::SNS::Topic"
)

// addResources adds the resources of the template of a stack, and the state machines that were read from it.
func (p *Project) addResources(file, stackName string, stack *template.Stack, machines []Machine) {
	source := p.source(file)
	add := func(r Resource, id, kind, name string, properties map[string]string) {
		life := stack.Lives[id]
		r.Source, r.LogicalID, r.Type, r.Name = source, id, kind, name
		r.Properties, r.Needs, r.Retain = properties, needs(stack.Lives, id, nil), life.Retain
		p.Resources = append(p.Resources, r)
	}
	for i, m := range machines {
		r := Resource{Machine: &m}
		r.Position = stack.StateMachines[i].Position
		add(r, m.LogicalID, MachineType, m.Name, m.properties())
	}
	for _, b := range stack.Buckets {
		r := Resource{Bucket: &b}
		r.Position = b.Position
		asked := fmt.Sprint(b.EventBridge, b.Notifications)
		add(r, b.LogicalID, BucketType, b.Name, map[string]string{"NotificationConfiguration": plan.Digest(value.OfString(asked))})
	}
	for _, t := range stack.Topics {
		r := Resource{Topic: &t}
		r.Position = t.Position
		add(r, t.LogicalID, TopicType, t.Name, topicProperties(&t))
	}
	for _, d := range stack.Declarations {
		r := Resource{Declaration: &d}
		r.Position = d.Position
		kind, isSAM := strings.CutPrefix(d.Type, "AWS::Serverless::")
		if kind = "AWS::Lambda::" + kind; !isSAM {
			kind = d.Type
		}
		name := d.Name()
		if name == d.LogicalID {
			name = stackName + "/" + name // nothing else tells it from those of other stacks
		}
		add(r, d.LogicalID, kind, name, p.declared(&d))
	}
}

// needs are the resources that one needs, those that they need themselves before them. Also what means nothing here, such as a role,
// leads on to others.
func needs(lives map[string]template.Life, id string, before []string) []string {
	for _, need := range lives[id].Needs {
		if !slices.Contains(before, need) {
			before = append(needs(lives, need, before), need)
		}
	}
	return before
}

// addAlone adds the state machine of a definition that stands alone.
func (p *Project) addAlone(m Machine) {
	p.Resources = append(p.Resources, Resource{
		Resource: plan.Resource{Source: p.source(m.File), LogicalID: m.Name, Type: MachineType, Name: m.Name, Properties: m.properties()},
		Machine:  &m,
	})
}

// source is a file as it is seen from the project's folder.
func (p *Project) source(file string) string {
	if name, err := filepath.Rel(p.Folder, file); err == nil {
		return filepath.ToSlash(name)
	}
	return file
}

// Follows reports whether the project decides what becomes of the resources of a source: one that was read, or one that is
// not there any more. Another template of the folder, which was run by its name, is not the project's matter.
func (p *Project) Follows(source string) bool {
	if slices.Contains(p.sourcesRead, source) {
		return true
	}
	_, err := os.Stat(filepath.Join(p.Folder, filepath.FromSlash(source)))
	return err != nil
}

func (m *Machine) properties() map[string]string {
	definition := value.OfString(strings.TrimSpace(m.Definition)) // lines before it are those of the template
	if parsed, err := value.Parse(m.Definition); err == nil {
		definition = parsed
	}
	return map[string]string{
		"Definition": plan.Digest(definition), "RoleArn": plan.Digest(value.OfString(m.RoleARN)), "Type": plan.Digest(value.OfBool(m.Express)),
		"LoggingConfiguration": plan.Digest(value.OfItems([]value.Value{
			value.OfString(m.Logging.Level), value.OfBool(m.Logging.IncludeExecutionData), value.OfString(m.Logging.LogGroupARN),
		})),
	}
}

func topicProperties(t *template.Topic) map[string]string {
	all := digests(t.Attributes)
	for _, s := range t.Subscriptions {
		one := value.OfMembers(value.Member{Key: "", Value: value.OfString(s.Endpoint)})
		for name, digest := range digests(s.Attributes) {
			one = one.With(name, value.OfString(digest))
		}
		all["Subscription "+s.Protocol+" "+s.Endpoint] = plan.Digest(one)
	}
	return all
}

func digests(texts map[string]string) map[string]string {
	all := make(map[string]string, len(texts))
	for name, text := range texts {
		all[name] = plan.Digest(value.OfString(text))
	}
	return all
}

// declared are the digests of a declaration's properties. Those that name files have these in them.
func (p *Project) declared(d *template.Declaration) map[string]string {
	all := map[string]string{}
	for _, m := range d.Properties.Members() {
		all[m.Key] = plan.Digest(m.Value)
		if slices.Contains(codeProperties, m.Key) && m.Value.Kind() == value.String {
			all[m.Key] += p.filesDigest(d.Position.File, m.Value.Str())
		}
	}
	if _, ok := all["CodeUri"]; !ok && d.Type == "AWS::Serverless::Function" && all["InlineCode"] == "" {
		all["CodeUri"] = p.filesDigest(d.Position.File, ".")
	}
	return all
}

// codeProperties are those that can lead to files beside the template.
var codeProperties = []string{"Code", "CodeUri", "Content", "ContentUri"}

// filesDigest is the digest of a file or of the files in a folder; empty where there is none.
func (p *Project) filesDigest(beside, name string) string {
	place, err := p.Beside(beside, name)
	if err != nil {
		return ""
	}
	digest, err := lambda.CodeDigest(place)
	if err != nil {
		return "" // to make the function tells what is wrong
	}
	return " " + digest
}
