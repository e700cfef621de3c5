package template

import "github.com/stepwell/stepwell/value"

// simpleTable is the AWS::DynamoDB::Table that SAM makes of an AWS::Serverless::SimpleTable.
func (e *evaluator) simpleTable(r *resource, properties *node) Declaration {
	key, kind := "id", "S"
	if primary := properties.get("PrimaryKey"); primary != nil {
		key = primary.get("Name").orEmpty()
		switch written := primary.get("Type").orEmpty(); written {
		case "String", "Number", "Binary":
			kind = written[:1]
		default:
			e.find(primary.at, "the Type of the PrimaryKey of %q is not String, Number or Binary", r.id)
		}
	}
	name := value.Member{Key: "AttributeName", Value: value.OfString(key)}
	one := func(member, text string) value.Value {
		return value.OfItems([]value.Value{value.OfMembers(name, value.Member{Key: member, Value: value.OfString(text)})})
	}
	table := value.OfMembers(
		value.Member{Key: "TableName", Value: value.OfString(e.name(r))},
		value.Member{Key: "AttributeDefinitions", Value: one("AttributeType", kind)},
		value.Member{Key: "KeySchema", Value: one("KeyType", "HASH")},
	)
	if capacity := properties.get("ProvisionedThroughput"); capacity != nil {
		table = table.With("ProvisionedThroughput", capacity.value())
	} else {
		table = table.With("BillingMode", value.OfString("PAY_PER_REQUEST"))
	}
	return Declaration{Resource{r.id, "AWS::DynamoDB::Table", r.at}, table}
}
