import { Publisher } from './publish.mjs';

const { MENISCUS_URL: url, MENISCUS_TENANT: tenant, MENISCUS_TOKEN: token } = process.env;
const events = new Publisher({ url, tenant, token });
for (let order = 1; order <= 1000; order++) {
  const failed = order % 10 === 0;
  events.send({
    app: 'shop',
    level: failed ? 'error' : 'info',
    message: failed ? 'payment timed out' : 'order placed',
    order,
    took: failed ? 5000 : 20 + (order % 7),
  });
}
await events.close();
console.log(`sent ${1000 - events.lost} events`);
