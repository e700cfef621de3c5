package syntax

import "slices"

// inherit makes n seek the ancestors that a part of it seeks.
func (n *Node) inherit(part *Node) {
	n.seeking = append(n.seeking, part.wanted()...)
}

// wanted returns the slots that n seeks outside itself.
func (n *Node) wanted() []*Slot {
	if n.Kind == Parent {
		return append(slices.Clip(n.seeking), n.Slot)
	}
	return n.seeking
}

// seek goes one step back for a slot and marks the step where it ends.
func seek(step *Node, slot *Slot) error {
	switch step.Kind {
	case Name, Wildcard:
		slot.level--
		if slot.level > 0 {
			return nil
		}
		if step.Ancestor != nil {
			slot.Label = step.Ancestor.Label
		}
		step.Ancestor = slot
		step.Tuple = true
		return nil
	case Parent:
		slot.level++
		return nil
	case Block:
		if len(step.List) == 0 {
			return nil
		}
		step.Tuple = true
		return seek(step.List[len(step.List)-1], slot)
	case Path:
		step.Tuple = true
		index := len(step.List) - 1
		err := seek(step.List[index], slot)
		for index--; err == nil && slot.level > 0 && index >= 0; index-- {
			err = seek(step.List[index], slot)
		}
		return err
	}
	return fail("S0217", step.Position)
}

// resolveAncestors finds the steps that the last step of a path means by its parent operators; those that lie before the path
// are left to what is around it.
func resolveAncestors(path *Node) error {
	for _, slot := range path.last().wanted() {
		index := len(path.List) - 2
		for slot.level > 0 {
			if index < 0 {
				path.seeking = append(path.seeking, slot)
				break
			}
			step := path.List[index]
			index--
			// Steps in a row that bind their focus all start from the same context: they count as one.
			for index >= 0 && step.Focus != "" && path.List[index].Focus != "" {
				step = path.List[index]
				index--
			}
			if err := seek(step, slot); err != nil {
				return err
			}
		}
	}
	return nil
}
