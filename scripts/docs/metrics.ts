import type { Metric } from './application.ts';
import { cell, code, generatedBy, page, table } from './markdown.ts';

/** docs/reference/metrics.md */
export function metricsReference(metrics: readonly Metric[]): string {
  return page(
    '# Metrics',
    `${generatedBy} \`GET /metrics\` answers them in the format of Prometheus, with an operator's key unless \`metrics_auth\` is off. The usual \`process_*\` and \`nodejs_*\` metrics are there too. Counters begin at zero with each start.`,
    table(
      ['metric', 'kind', 'labels', ''],
      metrics.map(({ name, type, labels, help }) => [code(name), type, labels.map(code).join(', '), cell(help)]),
    ),
    '`source` is `syslog` or `http`, `listener` its name or address, `shard` the number of the ingest thread. Labels never hold a tenant, host or path: their number is bounded.',
    "A configuration for Prometheus, with a key of its own (`meniscus key create --operator`, or the operator's `admin.key`):",
    `\`\`\`yaml
scrape_configs:
  - job_name: meniscus
    authorization: { credentials_file: /etc/prometheus/meniscus.key }
    static_configs: [{ targets: ['127.0.0.1:8080'] }]
\`\`\``,
  );
}
