import { tenantPath } from '../session.ts';
import type { Addresses, HostPort } from './addresses.ts';
import { parameterValue, rsyslogConstant, shellWord, syslogNgText } from './quote.ts';

export interface Sender {
  readonly tenant: string;
  readonly token: string;
  readonly addresses: Addresses;
  /** How this command is called. */
  readonly command?: string;
}

/** RFC 5424 wants a private enterprise number in the name of an element; 32473 is the one for documentation (RFC 5612), and logger insists on one. */
const SD_ID = 'meniscus@32473';

export function curlSetting({ tenant, token, addresses }: Sender): string {
  const url = addresses.http + tenantPath(tenant, 'publish');
  return [
    `curl -H ${shellWord(`MESSAGE-TOKEN: ${token}`)} -H 'Content-Type: application/json' \\`,
    `     -d '{"host":"web-01","app":"checkout","level":"info","message":"hello from curl"}' \\`,
    `     ${shellWord(url)}`,
  ].join('\n');
}

export function loggerSetting({ tenant, token }: Sender, { host, port }: HostPort): string {
  return [
    `logger --server ${host} --port ${port} --tcp --octet-count --rfc5424 --tag checkout \\`,
    `       --sd-id ${SD_ID} --sd-param ${shellWord(`tenant="${parameterValue(tenant)}"`)} \\`,
    `       --sd-param ${shellWord(`token="${parameterValue(token)}"`)} 'hello from logger'`,
  ].join('\n');
}

/** A list template, since a string template cannot hold a `%`. What rsyslog calls msg begins with the space behind the tag, if there was a tag: spifno1stsp makes it one space either way. */
export function rsyslogSetting({ tenant, token }: Sender, { host, port }: HostPort): string {
  const element = rsyslogConstant(` [${SD_ID} tenant="${parameterValue(tenant)}" token="${parameterValue(token)}"]`);
  return [
    'template(name="Meniscus" type="list") {',
    '  constant(value="<") property(name="pri") constant(value=">1 ") property(name="timestamp" dateFormat="rfc3339")',
    '  constant(value=" ") property(name="hostname") constant(value=" ") property(name="app-name")',
    '  constant(value=" ") property(name="procid") constant(value=" ") property(name="msgid")',
    `  constant(value="${element}")`,
    '  property(name="msg" spifno1stsp="on") property(name="msg" droplastlf="on")',
    '}',
    `action(type="omfwd" target="${host}" port="${port}" protocol="tcp" TCP_Framing="octet-counted" template="Meniscus"`,
    '  action.resumeRetryCount="-1" queue.type="LinkedList" queue.size="100000")',
  ].join('\n');
}

export function syslogNgSetting({ tenant, token }: Sender, { host, port }: HostPort): string {
  return [
    'rewrite r_meniscus {',
    `  set("${syslogNgText(tenant)}" value(".SDATA.${SD_ID}.tenant"));`,
    `  set("${syslogNgText(token)}" value(".SDATA.${SD_ID}.token"));`,
    '};',
    `destination d_meniscus { syslog("${host}" port(${port}) transport("tcp")); };`,
    'log { source(s_src); rewrite(r_meniscus); destination(d_meniscus); };',
  ].join('\n');
}

/** What a configuration file's string cannot hold. */
function hasControls(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return /[\u0000-\u001F\u007F]/.test(text);
}

/** Settings for the usual senders with the tenant's token and the real addresses, each ready to paste. */
export function settingsText(sender: Sender): string {
  const { addresses, tenant } = sender;
  const parts = [`# curl: one event by HTTP\n${curlSetting(sender)}`];
  const place = addresses.tcp;
  if (place === undefined) parts.push('# syslog: the addresses of the listeners are not known to this key; ask the operator.');
  else if (hasControls(tenant))
    parts.push('# syslog: daemons cannot write the control characters of this tenant id; use a listener bound to the tenant.');
  else {
    parts.push(
      `# logger (util-linux): one event by syslog\n${loggerSetting(sender, place)}`,
      `# rsyslog: /etc/rsyslog.d/60-meniscus.conf, then restart rsyslog\n${rsyslogSetting(sender, place)}`,
      `# syslog-ng: /etc/syslog-ng/conf.d/meniscus.conf (s_src is the source of Debian's configuration), then restart syslog-ng\n${syslogNgSetting(sender, place)}`,
    );
  }
  return `${parts.join('\n\n')}\n\n# then look: ${lookCommand(sender)}`;
}

function lookCommand({ tenant, command = 'meniscus' }: Sender): string {
  return `${command} search --tenant ${shellWord(tenant)} hello`;
}
