package redshift

import (
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Names are the clusters and workgroups that there are. Where a list is empty, every name is one.
type Names struct{ Clusters, Workgroups []string }

// Declare says which clusters and workgroups there are; before, every name is one.
func (s *Site) Declare(n Names) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.names = n
}

// Names returns what Declare was given.
func (s *Site) Names() Names {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.names
}

// HasCluster reports whether there is a cluster of that identifier.
func (s *Site) HasCluster(id string) bool { return among(s.Names().Clusters, id) }

// HasWorkgroup reports whether there is a workgroup of that name or ARN.
func (s *Site) HasWorkgroup(name string) bool {
	known := s.Names().Workgroups
	if !strings.HasPrefix(name, "arn:") {
		return among(known, name)
	}
	return len(known) == 0 || slices.ContainsFunc(known, func(one string) bool { return s.WorkgroupARN(one) == name })
}

func among(known []string, name string) bool { return len(known) == 0 || slices.Contains(known, name) }

// ClusterARN is the ARN of a cluster.
func (s *Site) ClusterARN(id string) string {
	return "arn:aws:redshift:" + s.Region + ":" + s.Account + ":cluster:" + id
}

// WorkgroupARN is the ARN of a workgroup, which is given by its name or already by its ARN.
func (s *Site) WorkgroupARN(name string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	return s.ServerlessARN("workgroup", name)
}

// ServerlessARN is the ARN of a workgroup or namespace.
func (s *Site) ServerlessARN(kind, name string) string {
	return "arn:aws:redshift-serverless:" + s.Region + ":" + s.Account + ":" + kind + "/" + s.ServerlessID(kind, name)
}

// ServerlessID is the identifier of a workgroup or namespace, always the same for one name.
func (s *Site) ServerlessID(kind, name string) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(s.Account+"/"+kind+"/"+name)).String()
}
