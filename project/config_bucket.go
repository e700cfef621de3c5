package project

import (
	"net/url"
	"strings"

	"go.yaml.in/yaml/v3"
)

// buckets reads the places of buckets: NAME: FOLDER, or NAME: with s3 below.
func (r *reader) buckets(n *yaml.Node) map[string]Bucket {
	out := map[string]Bucket{}
	r.members(n, func(key, value *yaml.Node) {
		if value.Kind != yaml.MappingNode {
			out[key.Value] = Bucket{Folder: r.text(value)}
			return
		}
		var b Bucket
		r.members(value, func(kind, place *yaml.Node) {
			if kind.Value != "s3" {
				r.add(kind, "unknown key %q: a bucket is a folder or has s3", kind.Value)
				return
			}
			b.S3 = r.s3(place)
		})
		if len(value.Content) == 0 {
			r.add(value, "a bucket is a folder or has s3")
		}
		out[key.Value] = b
	})
	return out
}

// s3 reads the place of a bucket at an endpoint. Keys of credentials are refused with where they belong.
func (r *reader) s3(n *yaml.Node) *S3 {
	place := &S3{}
	fields := map[string]*string{"endpoint": &place.Endpoint, "region": &place.Region, "bucket": &place.Bucket, "prefix": &place.Prefix, "profile": &place.Profile}
	r.members(n, func(key, value *yaml.Node) {
		field, ok := fields[key.Value]
		switch {
		case ok:
			*field = r.text(value)
		case strings.Contains(key.Value, "key") || strings.Contains(key.Value, "secret") || strings.Contains(key.Value, "token"):
			r.add(key, "%q does not belong here: credentials come from the environment or AWS's shared files (profile)", key.Value)
		default:
			r.add(key, "unknown key %q: s3 has bucket, endpoint, prefix, profile, region", key.Value)
		}
	})
	if place.Endpoint != "" {
		r.endpoint(n, place.Endpoint)
	}
	return place
}

func (r *reader) endpoint(n *yaml.Node, endpoint string) {
	u, err := url.Parse(endpoint)
	switch {
	case err != nil || u.User != nil: // the text may hold a password
		r.add(n, "the endpoint is not a URL like https://s3.example.com, without a user")
	case u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		r.add(n, "the endpoint %q is not a URL like https://s3.example.com", endpoint)
	}
}
