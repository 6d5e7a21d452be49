/** Rulebases that between them use the whole language, and lines that match them. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Seed {
  name: string;
  /** A byte string. */
  rulebase: string;
  lines: string[];
}

const V2 = String.raw`version=2
type=@ip:%..:ipv4%
type=@ip:%..:ipv6%
type=@list:%n:number%
type=@list:%n:number%,%rest:@list%
type=@pair:%k:char-to:=%=%v:string%
prefix=%date:date-rfc3164% 
rule=a,b:ip %x:@ip% to %.:@pair%
rule=:list %l:@list%
rule=c:r %{"type":"repeat","name":"r","parser":{"type":"alternative","parser":[{"type":"number","name":"."},[{"type":"alpha","name":"a"},{"type":"literal","text":"="},{"type":"word","name":"w"}]]},"while":{"type":"literal","text":", "},"option.permitMismatchInParser":true}%%t:rest%
extendprefix=x 
rule=:%f:float{"format":"number"}% %h:hexnumber{"format":"number","maxval":9999}% %d:date-rfc5424{"format":"timestamp-unix-ms"}%
prefix=
rule=:%j:json%%.:json%
rule=:%.:v2-iptables%
rule=:%f:cef%
rule=:%c:cee-syslog%
rule=:kv %f:name-value-list{"separator":",","assignator":":"}%%r:rest%
rule=:lea %f:checkpoint-lea{"terminator":"]"}%]
rule=:%i:cisco-interface-spec% %m:mac48% %k:kernel-timestamp%
rule=:s %s:string{"quoting.mode":"auto","matching.permitted":[{"class":"alnum"},{"chars":" -"}],"matching.mode":"lazy"}%%r:rest%
rule=:t %a:time-24hr% %b:time-12hr% %c:duration% %d:date-iso%%e:whitespace%%q:quoted-string% %o:op-quoted-string% %st:string-to:zz%zz%cs:char-sep:,;%
rule=:%__proto__:word% %constructor:word% %__proto__:word%
annotate=a:+k="v" +__proto__="x"
`;

const V1 = String.raw`prefix=
rule=t:%a:word% %next:recursive%
rule=:w %x:word%
rule=:tok %l:tokenized:, :tokenized:\x3b:number% end
rule=:int %i:interpret:int:number% %f:interpret:float:float% %b:interpret:bool:word% %h:interpret:base16int:word%
rule=:suf %s:suffixed:,:kb,mb:number% %n:named_suffixed:v:u:,:kb,mb:interpret:int:number%
rule=:ipt %-:iptables%
rule=:nv %f:name-value-list%
rule=:%f:cef%
rule=:%c:cee-syslog%
rule=:%j:json% %v:v2-iptables%
rule=:lea %f:checkpoint-lea%
rule=:%date:date-rfc3164% %tag:char-to:\x3a%: %msg:rest%
rule=:%r:rest%x
annotate=t:+k="v"
`;

const V2_LINES = [
  'Oct 29 09:47:08 ip 10.0.0.1 to k="v w"',
  'Oct 29 09:47:08 list 1,2,3,4',
  'Oct 29 09:47:08 r 1, a=b, 2, x',
  'Oct 29 09:47:08 x 1.5 0x1f  2003-10-11T22:14:15.003Z',
  '{"a":[1,{"b":null}]} {"c":1e5,"d":"\\u00e9/"}',
  'IN=eth0 OUT= DF',
  'CEF:0|Vendor|Product|1.0|id|name|5| a=b c=d e f=g\\=h',
  '@cee: {"a":1}',
  'kv a:1,b:"x,y",c:',
  'lea a: 1; b: 2; ]',
  'in:10.0.0.1/53 (1.2.3.4/5) (u) f0:f6:1c:5f:cc:a2 [12345.123456]',
  's "a b""c"rest',
  't 23:59:59 11:00:00 0:00:42 2014-12-08 "q" "o p" xyzzab',
  'a b c',
];

const V1_LINES = [
  'a b c d e',
  'tok 1;2, 3;4 end',
  'int 007 1.50 no ff',
  'suf 5kb 6mb',
  'ipt A=1 B C=2',
  'nv a=1 b=2',
  'CEF:0|Vendor|Product|1.0|id|name|5| a=b',
  'Oct 29 09:47:08 tag: text',
];

/** Seeds written for this purpose, and the rulebases that the package ships. */
export function seeds(): Seed[] {
  const directory = fileURLToPath(new URL('../rulebases/', import.meta.url));
  const shipped = readdirSync(directory).map((name) => ({ name, rulebase: readFileSync(directory + name, 'latin1'), lines: [] }));
  return [{ name: 'v2', rulebase: V2, lines: V2_LINES }, { name: 'v1', rulebase: V1, lines: V1_LINES }, ...shipped];
}
