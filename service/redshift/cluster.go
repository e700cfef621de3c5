package redshift

import (
	"context"
	"regexp"
	"time"

	"github.com/stepwell/stepwell/fault"
)

// clusterDescription is the API's Cluster.
type clusterDescription struct {
	AllowVersionUpgrade              bool
	AutomatedSnapshotRetentionPeriod int64
	AvailabilityZone                 string
	ClusterAvailabilityStatus        string
	ClusterCreateTime                time.Time
	ClusterIdentifier                string
	ClusterNamespaceArn              string
	ClusterNodes                     []clusterNode
	ClusterStatus                    string
	ClusterVersion                   string
	DBName                           string
	Encrypted                        bool
	Endpoint                         *endpoint
	EnhancedVpcRouting               bool
	MasterUsername                   string
	NodeType                         string
	NumberOfNodes                    int64
	PubliclyAccessible               bool
}

type clusterNode struct{ NodeRole string }

type endpoint struct {
	Address string
	Port    int64
}

type describeClustersRequest struct {
	ClusterIdentifier string
	Marker            string
	MaxRecords        *int64
	TagKeys           []string `aws:"item=TagKey"`
	TagValues         []string `aws:"item=TagValue"`
}

type describeClustersResponse struct {
	Clusters []clusterDescription `aws:"item=Cluster"`
	Marker   string
}

// defaultCluster is what a listing calls the warehouse where no names were declared.
const defaultCluster = "stepwell"

// describeClusters answers for the cluster that is named, or for all.
func (s *Service) describeClusters(ctx context.Context, r *describeClustersRequest) (*describeClustersResponse, error) {
	if len(r.TagKeys)+len(r.TagValues) > 0 || r.Marker != "" {
		return &describeClustersResponse{Clusters: []clusterDescription{}}, nil // there are no tags and no second page
	}
	ids := []string{r.ClusterIdentifier}
	if r.ClusterIdentifier == "" {
		ids = s.site.Names().Clusters
	}
	if len(ids) == 0 {
		ids = []string{defaultCluster}
	}
	response := &describeClustersResponse{}
	for _, id := range ids {
		if err := s.checkIdentifier(id); err != nil {
			return nil, err
		}
		c, _, err := s.clusters.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		response.Clusters = append(response.Clusters, s.describe(id, c))
	}
	return response, nil
}

var identifier = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// checkIdentifier refuses what no cluster is called.
func (s *Service) checkIdentifier(id string) error {
	if len(id) > 63 || !identifier.MatchString(id) || !s.site.HasCluster(id) {
		return fault.New(fault.NotFound, "Cluster %s not found.", id).WithCode(codeClusterNotFound)
	}
	return nil
}

func unsupported(parameter string) error {
	return fault.New(fault.Unsupported, "%s is not supported", parameter).WithCode(codeUnsupported)
}

func (s *Service) describe(id string, c cluster) clusterDescription {
	d := clusterDescription{
		AllowVersionUpgrade: true, AutomatedSnapshotRetentionPeriod: 1, AvailabilityZone: s.site.Region + "a",
		ClusterAvailabilityStatus: "Available", ClusterCreateTime: s.site.Started, ClusterIdentifier: id,
		ClusterNamespaceArn: "arn:aws:redshift:" + s.site.Region + ":" + s.site.Account + ":namespace:" + id,
		ClusterNodes:        []clusterNode{{"SHARED"}}, ClusterStatus: "available", ClusterVersion: "1.0", DBName: Database,
		MasterUsername: "awsuser", NodeType: "ra3.large", NumberOfNodes: 1,
	}
	if host, port := s.site.Address(); port != 0 {
		d.Endpoint = &endpoint{host, port}
	}
	if c.Paused {
		d.ClusterStatus, d.ClusterAvailabilityStatus = "paused", "Paused"
	}
	return d
}

type clusterRequest struct {
	ClusterIdentifier string `aws:"required,min=1,max=2147483647"`
}

type clusterResponse struct{ Cluster clusterDescription }

func (s *Service) pauseCluster(ctx context.Context, r *clusterRequest) (*clusterResponse, error) {
	return s.setPaused(ctx, r.ClusterIdentifier, true)
}

func (s *Service) resumeCluster(ctx context.Context, r *clusterRequest) (*clusterResponse, error) {
	return s.setPaused(ctx, r.ClusterIdentifier, false)
}

// setPaused changes a cluster's state, which takes no time here.
func (s *Service) setPaused(ctx context.Context, id string, paused bool) (*clusterResponse, error) {
	if err := s.checkIdentifier(id); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, _, err := s.clusters.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if c.Paused == paused {
		state := map[bool]string{true: "paused", false: "available"}[paused]
		return nil, fault.New(fault.Conflict, "You can't do this while the cluster %s is in the state %s.", id, state).WithCode(codeState)
	}
	c.Paused = paused
	if err := s.clusters.Put(ctx, id, c); err != nil {
		return nil, err
	}
	return &clusterResponse{s.describe(id, c)}, nil
}
