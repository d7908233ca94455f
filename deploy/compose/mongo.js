// Starts the replica set and makes one user per service, who may use that service's database alone.
// Run by mongosh; running it again changes passwords to what the secrets say, and nothing else.
const { readFileSync } = require('fs');
const secret = (name) => readFileSync(`/run/secrets/${name}`, 'utf8').trim();

const admin = connect(
  `mongodb://root:${encodeURIComponent(secret('mongo_root_password'))}@mongo:27017/admin?directConnection=true`,
);

try {
  admin.adminCommand({ replSetGetStatus: 1 });
} catch (e) {
  if (e.codeName !== 'NotYetInitialized') throw e;
  admin.adminCommand({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: 'mongo:27017' }] } });
}

const until = Date.now() + 60_000;
while (!admin.hello().isWritablePrimary) {
  if (Date.now() > until) throw new Error('the replica set has no primary after a minute');
  sleep(200);
}

for (const name of ['users', 'gigs', 'chat', 'orders']) {
  const its = admin.getSiblingDB(name);
  const user = { pwd: secret(`${name}_password`), roles: [{ role: 'readWrite', db: name }] };
  if (its.getUser(name)) its.updateUser(name, user);
  else its.createUser({ user: name, ...user });
}
print('replica set and users are ready');
