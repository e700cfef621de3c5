package template

import (
	"path"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// cdkAsset is the file beside the template that the CDK would upload under a key: the resource's metadata say it, or the list of
// the stack's assets.
func (e *evaluator) cdkAsset(r *resource, key string) (string, error) {
	if name := r.body.get("Metadata").get("aws:asset:path").orEmpty(); name != "" {
		return name, nil
	}
	stack, isCDK := strings.CutSuffix(path.Base(e.options.File), ".template.json")
	if !isCDK {
		stack, isCDK = strings.CutSuffix(path.Base(e.options.File), ".nested.template.json")
	}
	if !isCDK || e.options.Read == nil {
		return "asset." + key, nil
	}
	list, err := e.options.Read(stack + ".assets.json")
	if err != nil {
		return "asset." + key, nil
	}
	manifest, err := value.Parse(string(list))
	if err != nil {
		return "", fault.Invalidf("%s.assets.json", stack).Because(err)
	}
	hash, _, _ := strings.Cut(key, ".")
	files, _ := manifest.Get("files")
	asset, _ := files.Get(hash)
	source, _ := asset.Get("source")
	name, ok := source.Get("path")
	if !ok {
		return "", fault.New(fault.NotFound, "%s.assets.json does not have the asset %s", stack, hash)
	}
	return name.Str(), nil
}

// cdkMeaningless are the CDK's custom resources that only tune AWS.
var cdkMeaningless = []string{"Custom::S3AutoDeleteObjects", "Custom::ECRAutoDeleteImages", "Custom::VpcRestrictDefaultSG",
	"Custom::CloudwatchLogResourcePolicy", "Custom::DynamoDBReplica", "Custom::CrossRegionExportReader", "Custom::CrossRegionExportWriter",
	"Custom::AWSCDKOpenIdConnectProvider"}

// cdkResource resolves the custom resources of the CDK that Stepwell understands without their functions.
func (e *evaluator) cdkResource(s *Stack, r *resource, properties *node) bool {
	switch r.kind {
	case "Custom::CDKBucketDeployment":
		s.Deployments = append(s.Deployments, deployment(r, properties))
	case "Custom::LogRetention":
		s.Declarations = append(s.Declarations, logRetention(r, properties))
	case "Custom::S3BucketNotifications": // joined to its bucket when all buckets are known
	case "Custom::AWS":
		s.Accepted = append(s.Accepted, Resource{r.id, r.kind, r.at})
		e.warn(r.at, "the call of the resource "+r.id+" (Custom::AWS) is not carried out here")
	default:
		if !slices.Contains(cdkMeaningless, r.kind) {
			return false
		}
		s.Accepted = append(s.Accepted, Resource{r.id, r.kind, r.at})
	}
	return true
}

// logRetention is the log group that a Custom::LogRetention makes or changes.
func logRetention(r *resource, properties *node) Declaration {
	group := value.EmptyObject()
	for _, name := range []string{"LogGroupName", "RetentionInDays"} {
		if v := properties.get(name); v != nil {
			group = group.With(name, v.value())
		}
	}
	return Declaration{Resource{r.id, "AWS::Logs::LogGroup", r.at}, group}
}

func deployment(r *resource, properties *node) Deployment {
	d := Deployment{
		Bucket: properties.get("DestinationBucketName").orEmpty(), Prefix: properties.get("DestinationBucketKeyPrefix").orEmpty(), Position: r.at,
	}
	if keys := properties.get("SourceObjectKeys"); keys != nil {
		for _, key := range keys.items {
			d.Assets = append(d.Assets, strings.TrimSuffix(key.text(), ".zip"))
		}
	}
	return d
}
