/* A run of attacks that never was. */
#include "tests/support/attacks.h"

#include "lib/check.h"

static const char *const events[] = {
	"{'ev':'run','kernel':'6.1.0','pe':'ravelin','pe_version':'ravelind 0.1.0','t':1}",
	"{'ev':'walk','port':'pe1:eth1','in':false,'labels':[{'label':16003,'ttl':255},"
	"{'label':17,'ttl':255}],'src':'172.16.1.1','dst':'172.16.2.1','ttl':63,'text':'x','t':1}",
	"{'ev':'site','name':'ce-a1','vrf':'vrf-a','address':'172.16.1.1'}",
	"{'ev':'site','name':'ce-b1','vrf':'vrf-b','address':'172.16.1.1'}",
	"{'ev':'reach','from':'ce-a1','to':'ce-b1','expected':false,'reached':false,"
	"'observed':'nothing came in there'}",
	"{'ev':'packet','attack':'LBL-01','phase':'protected','port':'pe1:eth2','in':true,'us':1700"
	"000000000200,'whole':60,'octets':'AgAAAAABAgAAAAACiEcGGqFARQA=','stimulus':1}",
	/* an earlier one of another port, told later */
	"{'ev':'packet','attack':'LBL-01','phase':'protected','port':'ce-a1:eth1','in':false,'us':"
	"1700000000000100,'whole':60,'octets':'AgAAAAABAgAAAAACiEcGGqFARQA=','stimulus':1}",
	"{'ev':'sights','attack':'LBL-01','phase':'protected','seen':2,'kept':2,'told':2,'lost':0}",
	/* a control that did not succeed, and was tried once more: the second counts */
	"{'ev':'packet','attack':'LBL-01','phase':'control','port':'pe1:eth2','in':true,'us':170000"
	"0001000100,'whole':60,'octets':'AgAAAAABAgAAAAACiEcGGqFARQA='}",
	"{'ev':'sights','attack':'LBL-01','phase':'control','seen':1,'kept':1,'told':1,'lost':0}",
	"{'ev':'packet','attack':'LBL-01','phase':'control','port':'ce-b1:eth1','in':true,'us':1700"
	"000001000200,'whole':9000,'octets':'AgAAAAABAgAAAAACCABFAA==','stimulus':1,'comment':"
	"'what a \\u00fc > & \\\" does'}",
	"{'ev':'packet','attack':'LBL-01','phase':'control','port':'ce-b1:eth1','in':false,'us':170"
	"0000001000300,'whole':80,'octets':'AgAAAAABAgAAAAACCABFAA==','quotes':1}",
	"{'ev':'sights','attack':'LBL-01','phase':'control','seen':1,'kept':1,'told':1,'lost':3}",
	"{'ev':'attack','id':'LBL-01','group':'LBL','title':'a frame with the label of another "
	"VPN','clause':'RFC 4381 3.4, RFC 4364 13.1','attacker':'ce-a1:eth1','target':"
	"'ce-b1:eth1','passes':'none arrives','verdict':'held','why':'0 of 1; unprotected 1 of 1',"
	"'protected':{'start_ms':10,'ms':5,'sent':1,'hit':0,'observed':''},'counters':[{'source':"
	"'guard','at':'eth2','name':'mpls_not_enabled','moved':'exactly','by':1,'before':3,'after':"
	"4,'ok':true}],'legit':{'what':'a ping','ok':true},'control':{'start_ms':900,'ms':5,'sent':"
	"1,'hit':1,'observed':'arrived','off':'label guard','how':'x: y','ok':true}}",
	"{'ev':'attack','id':'LBL-02','group':'LBL','title':'a <bad> \\\"one\\\" & more','clause':"
	"'RFC 4381 3.4','attacker':'ce-a1:eth1','target':'pe1','passes':'none arrives','verdict':"
	"'fell','why':'1 of 1 arrived','protected':{'start_ms':20,'ms':5,'sent':1,'hit':1,"
	"'observed':'it "
	"arrived'},'counters':[{'source':'guard','at':'eth2','name':'unknown','moved'"
	":'exactly','by':0,'before':3,'after':3,'ok':false}],'legit':{'what':'a ping','ok':true}}",
	"{'ev':'attack','id':'IPS-01','group':'IPS','title':'a source that is not its "
	"own','clause':"
	"'RFC 2827 3','attacker':'ce-a1:eth1','target':'ce-a2:eth1','passes':'none arrives',"
	"'verdict':'invalid','why':'the control: 0 of "
	"1','protected':{'start_ms':30,'ms':5,'sent':1,"
	"'hit':0,'observed':''},'counters':[],'legit':{'what':'a ping','ok':true},'control':{"
	"'start_ms':950,'ms':5,'sent':1,'hit':0,'observed':'nothing','off':'source guard','how':"
	"'x: any','ok':false}}",
	"{'ev':'attack','id':'COR-01','group':'COR','title':'not on this kernel','clause':'RFC "
	"4381 "
	"3.2','attacker':'ce-a1:eth1','target':'pe1','passes':'no "
	"answer','verdict':'skipped','why':"
	"'the kernel has no such thing','protected':{'start_ms':40,'ms':0,'sent':0,'hit':0,"
	"'observed':''},'counters':[],'legit':{'what':'','ok':false}}",
	"{'ev':'attack','id':'RTG-16','group':'RTG','title':'not built','verdict':'not_yet','why':"
	"'because'}",
	"{'ev':'malformed','id':'R25','name':'origin-len0','source':'R25','clause':'RFC 7606 7.1',"
	"'expected':'treat-as-withdraw','observed':'NOTIFICATION 3/6','verdict':'needless reset',"
	"'why':'the session ended','ms':12}",
	"{'ev':'malformed','id':'R26','name':'med-len3','source':'R26','clause':'RFC 7606 7.4',"
	"'expected':'treat-as-withdraw','observed':'treat-as-withdraw','verdict':'as "
	"expected','why'"
	":'','ms':12}",
	"{'ev':'malformed','dut':'ravelin','version':'0.1.0','totals':{'cases':2,'as_expected':1,"
	"'needless_resets':1,'wrong':0,'deaths':0,'invalid':0},'ms':24}",
};

void attacks_tell(struct evidence_report *r, const char *event)
{
	char text[2048];
	json_t *e;
	size_t n = 0;

	for (; event[n] && n < sizeof text - 1; n++)
		text[n] = event[n] == '\'' ? '"' : event[n];
	text[n] = 0;
	e = json_loads(text, 0, NULL);
	CHECK(e);
	evidence_report_event(r, e);
	json_decref(e);
}

void attacks_sample(struct evidence_report *r)
{
	evidence_report_init(r);
	evidence_report_run(r, "backend", json_string("uml"));
	evidence_report_run(r, "topology", json_string("rfc4381"));
	evidence_report_topology(r,
		json_pack("{s:[{s:s, s:s, s:[s], s:b}, {s:s, s:s, s:[], s:b}], s:[{s:s, s:s, s:s, "
			  "s:s}]}",
			"nodes", "name", "pe1", "role", "pe", "daemons", "ravelind", "under_test",
			1, "name", "ce-a1", "role", "ce", "daemons", "under_test", 0, "links", "a",
			"pe1:eth2", "b", "ce-a1:eth1", "role", "access", "vrf", "vrf-a"));
	for (size_t i = 0; i < ARRAY_LEN(events); i++)
		attacks_tell(r, events[i]);
}
