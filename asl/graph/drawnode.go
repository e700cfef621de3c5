package graph

import "github.com/stepwell/stepwell/asl"

// laneLabelRise lifts the label of a back edge above the lines that pass to lanes further out.
const laneLabelRise = 6

// style keeps to light colours that also print. A page may restyle by class, data-state and data-status.
const style = `
.stepwell-graph{background:#fff}
.stepwell-graph text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.stepwell-graph .name{font-size:13px;font-weight:600;fill:#1d2633}
.stepwell-graph .note{font-size:11px;fill:#667085}
.stepwell-graph .label{font-size:11px;fill:#475467}
.stepwell-graph .label.catch{fill:#b42318}
.stepwell-graph .edge{fill:none;stroke:#98a2b3;stroke-width:1.4}
.stepwell-graph .edge.catch{stroke:#d9776f;stroke-dasharray:5 4}
.stepwell-graph .dot{fill:#475467}
.stepwell-graph .ring{fill:#fff;stroke:#475467;stroke-width:1.5}
.stepwell-graph .box{fill:#fff;stroke:#c9d0da;stroke-width:1.2}
.stepwell-graph .target{fill:transparent}
.stepwell-graph .frame{fill:#fff;stroke:#d8dee8;stroke-dasharray:4 4}
.stepwell-graph .nest>.box{fill:#f7f9fc}
.stepwell-graph .Task>.mark{fill:#2f6fde}.stepwell-graph .Pass>.mark{fill:#8a94a6}
.stepwell-graph .Choice>.mark{fill:#c2820b}.stepwell-graph .Wait>.mark{fill:#7c4ddb}
.stepwell-graph .Succeed>.mark{fill:#17864b}.stepwell-graph .Fail>.mark{fill:#c93a3a}
.stepwell-graph .Parallel>.mark,.stepwell-graph .Map>.mark{fill:#0f7f94}
.stepwell-graph [data-status=succeeded]>.box{fill:#eefaf2;stroke:#2f9e5b}
.stepwell-graph [data-status=failed]>.box{fill:#fdf0ef;stroke:#d0453b;stroke-width:2}
.stepwell-graph [data-status=running]>.box{fill:#eef4ff;stroke:#2f6fde;stroke-width:2}
.stepwell-graph [data-status=caught]>.box,.stepwell-graph [data-status=aborted]>.box{fill:#fff7e6;stroke:#d0870b}
.stepwell-graph .badge{fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.stepwell-graph [data-status=succeeded]>.badge{stroke:#2f9e5b}.stepwell-graph [data-status=failed]>.badge{stroke:#d0453b}
.stepwell-graph [data-status=running]>.badge{stroke:#2f6fde}.stepwell-graph [data-status=caught]>.badge,.stepwell-graph [data-status=aborted]>.badge{stroke:#d0870b}
`

const markers = `<defs>` +
	`<marker id="stepwell-arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">` +
	`<path d="M0 0.5L8 4L0 7.5Z" fill="#98a2b3"/></marker>` +
	`<marker id="stepwell-arrow-catch" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">` +
	`<path d="M0 0.5L8 4L0 7.5Z" fill="#d9776f"/></marker></defs>`

// badges are drawn in the upper right corner of a state that has a status, in a square of 10 around its middle.
var badges = map[Status]string{
	Succeeded: "m-5 0l3.5 4l6.5 -8",
	Failed:    "m-4 -4l8 8m0 -8l-8 8",
	Running:   "m-5 0a5 5 0 1 0 5 -5",
	Caught:    "m0 -5l0 5m0 4l0 0.1",
	Aborted:   "m-4 0l8 0",
}

func (p *pen) node(n *node) {
	switch n.kind {
	case startNode:
		p.print(`<circle class="dot start" cx="%s" cy="%s" r="%s"/>`+"\n", px(p.x+n.x), px(p.y+n.y), px(dotSize/2))
	case endNode:
		p.print(`<circle class="ring end" cx="%s" cy="%s" r="%s"/>`, px(p.x+n.x), px(p.y+n.y), px(dotSize/2))
		p.print(`<circle class="dot" cx="%s" cy="%s" r="%s"/>`+"\n", px(p.x+n.x), px(p.y+n.y), px(dotSize/2-3.5))
	case labelNode:
		p.label(n, n.x, "middle", n.above[0].dashed)
	case bendNode:
		if len(n.text) > 0 {
			p.label(n, n.line()+bendWidth, "start", false)
		}
	case stateNode:
		p.state(n)
	}
}

func (p *pen) label(n *node, x float64, anchor string, dashed bool) {
	class := "label"
	if dashed {
		class = "label catch"
	}
	p.print(`<g class="%s"><title>%s</title>`, class, escape(n.title))
	first := n.y - float64(len(n.text)-1)*lineHeight/2 + noteSize*0.36
	if n.kind == bendNode {
		first -= laneLabelRise
	}
	for i, line := range n.text {
		p.print(`<text class="%s" x="%s" y="%s" text-anchor="%s">%s</text>`,
			class, px(p.x+x), px(p.y+first+float64(i*lineHeight)), anchor, escape(line))
	}
	p.print("</g>\n")
}

func (p *pen) state(n *node) {
	status, nest := "", ""
	if s := p.Status[n.state.Name]; s != "" {
		status = ` data-status="` + string(s) + `"`
	}
	if len(n.inner) > 0 {
		nest = " nest"
	}
	if n.state.Name == p.Chosen && p.Chosen != "" {
		nest += " chosen"
	}
	left, top := n.x-n.width/2, n.top()
	p.print(`<g class="state %s%s" data-state="%s"%s>`, n.state.Type, nest, escape(n.state.Name), status)
	p.print("<title>%s</title>", escape(n.state.Name+": "+titleText(n.state)))
	p.rect("box", left, top, n.width, n.height, 8)
	if p.Link != nil {
		p.print(`<a href="%s">`, escape(p.Link(n.state.Name)))
		p.rect("target", left, top, n.width, min(n.height, stateHeight), 8)
	}
	p.rect("mark", left+7, top+9, 4, stateHeight-18, 2)
	p.text("name", n.x+3, top+20, displayName(n.state))
	p.text("note", n.x+3, top+36, subtitle(n.state))
	if p.Link != nil {
		p.print("</a>")
	}
	if badge := badges[p.Status[n.state.Name]]; badge != "" {
		p.print(`<path class="badge" d="M%s%s"/>`, p.point(n.right()-13, top+13), badge)
	}
	p.print("\n")
	p.inner(n)
	p.print("</g>\n")
}

func titleText(state *asl.State) string {
	text := string(state.Type)
	if state.Task != nil {
		text += " " + state.Task.Resource
	}
	if state.Comment != "" {
		text += "\n" + state.Comment
	}
	return text
}

func (p *pen) inner(n *node) {
	if len(n.inner) == 0 {
		return
	}
	const pad = boxPadding / 2
	width, height := -float64(branchGap), n.height-headerHeight-boxPadding
	for _, s := range n.inner {
		width += s.width + branchGap
	}
	x, y := n.x-width/2, n.top()+headerHeight
	for _, s := range n.inner {
		p.rect("frame", x-pad, y-pad+4, s.width+2*pad, height+2*pad-4, 6)
		p.sheet(s, p.x+x, p.y+y+(height-s.height)/2+2)
		x += s.width + branchGap
	}
}

func (p *pen) rect(class string, x, y, width, height, radius float64) {
	p.print(`<rect class="%s" x="%s" y="%s" width="%s" height="%s" rx="%s"/>`,
		class, px(p.x+x), px(p.y+y), px(width), px(height), px(radius))
}

func (p *pen) text(class string, x, y float64, text string) {
	p.print(`<text class="%s" x="%s" y="%s" text-anchor="middle">%s</text>`, class, px(p.x+x), px(p.y+y), escape(text))
}
