package console

import (
	"net/url"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/value"
)

// machineVersions lists versions and aliases, and tells what changed between two versions.
func (c *Console) machineVersions(r *request) (view.Page, error) {
	_, p, head, err := r.described(view.VersionsTab)
	if err != nil {
		return p, err
	}
	machine := member("stateMachineArn", value.OfString(head.ARN))
	listed, pager, err := r.listed("sfn", "ListStateMachineVersions", "nextToken", machine, member("maxResults", value.OfInt(pageRows)))
	if err != nil {
		return p, err
	}
	shown := view.MachineVersions{MachineHead: head, Pager: pager}
	for _, v := range items(listed, "stateMachineVersions") {
		row, err := r.versionRow(head, text(v, "stateMachineVersionArn"))
		if err != nil {
			return p, err
		}
		shown.Versions = append(shown.Versions, row)
	}
	if shown.Aliases, err = r.aliases(machine); err == nil && len(shown.Versions) > 0 {
		err = r.compareVersions(&shown)
	}
	p.Content = shown
	return p, err
}

func (r *request) versionRow(head view.MachineHead, arn string) (view.VersionRow, error) {
	v, err := r.call("sfn", "DescribeStateMachine", member("stateMachineArn", value.OfString(arn)), member("includedData", value.OfString("METADATA_ONLY")))
	number := versionOf(arn)
	return view.VersionRow{
		Number: number, Description: text(v, "description"), Revision: text(v, "revisionId"), Created: instant(v, "creationDate"),
		Compare: head.URL + "/versions?" + url.Values{"from": {number}}.Encode() + "#changes",
	}, err
}

func (r *request) aliases(machine value.Member) ([]view.AliasRow, error) {
	listed, err := r.call("sfn", "ListStateMachineAliases", machine)
	var rows []view.AliasRow
	for _, a := range items(listed, "stateMachineAliases") {
		described, err := r.call("sfn", "DescribeStateMachineAlias", member("stateMachineAliasArn", value.OfString(text(a, "stateMachineAliasArn"))))
		if err != nil {
			return nil, err
		}
		row := view.AliasRow{Name: text(described, "name"), Description: text(described, "description"), Updated: instant(described, "updateDate")}
		for _, route := range items(described, "routingConfiguration") {
			weight, _ := route.Get("weight")
			row.Routes = append(row.Routes, "version "+versionOf(text(route, "stateMachineVersionArn"))+", "+weight.Spelling()+" %")
		}
		rows = append(rows, row)
	}
	return rows, err
}

// compareVersions compares what the address names: versions by their numbers; nothing means the state machine as it is.
func (r *request) compareVersions(shown *view.MachineVersions) error {
	from, to := r.URL.Query().Get("from"), r.URL.Query().Get("to")
	shown.From, shown.To = versionChoices(shown.Versions, from), versionChoices(shown.Versions, to)
	if !r.URL.Query().Has("from") {
		return nil
	}
	old, err := r.definitionOf(shown.ARN, from)
	if err != nil {
		return err
	}
	new, err := r.definitionOf(shown.ARN, to)
	shown.Difference, shown.Compared = view.Difference(old, new), true
	return err
}

func versionChoices(versions []view.VersionRow, chosen string) []view.Option {
	options := []view.Option{{Text: "as it is now", Chosen: chosen == ""}}
	for _, v := range versions {
		options = append(options, view.Option{Value: v.Number, Text: "version " + v.Number, Chosen: chosen == v.Number})
	}
	return options
}

func (r *request) definitionOf(arn, version string) (string, error) {
	if version != "" {
		arn += ":" + version
	}
	answer, err := r.call("sfn", "DescribeStateMachine", member("stateMachineArn", value.OfString(arn)))
	definition, _ := laidOut(text(answer, "definition"))
	return definition, err
}
