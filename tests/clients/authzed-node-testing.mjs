// What SpiceDB's client suites expect of `serve-testing`: every token has an empty graph of its own.
// node authzed-node-testing.mjs 127.0.0.1:50051
import assert from 'node:assert/strict';
import { v1 } from '@authzed/authzed-node';

const address = process.argv[2];
const clientOf = (token) => v1.NewClient(token, address, v1.ClientSecurity.INSECURE_PLAINTEXT_CREDENTIALS).promises;
const [one, two] = [clientOf('token-one'), clientOf('token-two')];
const schema = 'definition user {}\ndefinition document {\n  relation viewer: user\n}';

await one.writeSchema(v1.WriteSchemaRequest.create({ schema }));
await assert.rejects(two.readSchema(v1.ReadSchemaRequest.create()), (error) => error.code === 5);
await two.writeSchema(v1.WriteSchemaRequest.create({ schema }));

const resource = v1.ObjectReference.create({ objectType: 'document', objectId: 'readme' });
const subject = v1.SubjectReference.create({ object: v1.ObjectReference.create({ objectType: 'user', objectId: 'ann' }) });
const relationship = v1.Relationship.create({ resource, relation: 'viewer', subject });
const { writtenAt } = await one.writeRelationships(v1.WriteRelationshipsRequest.create({
  updates: [v1.RelationshipUpdate.create({ operation: v1.RelationshipUpdate_Operation.TOUCH, relationship })],
}));

const full = v1.Consistency.create({ requirement: { oneofKind: 'fullyConsistent', fullyConsistent: true } });
const check = async (client, consistency = full) =>
  (await client.checkPermission(v1.CheckPermissionRequest.create({ resource, permission: 'viewer', subject, consistency }))).permissionship;
assert.equal(await check(one), v1.CheckPermissionResponse_Permissionship.HAS_PERMISSION);
assert.equal(await check(two), v1.CheckPermissionResponse_Permissionship.NO_PERMISSION);
const fresh = v1.Consistency.create({ requirement: { oneofKind: 'atLeastAsFresh', atLeastAsFresh: writtenAt } });
assert.equal(await check(one, fresh), v1.CheckPermissionResponse_Permissionship.HAS_PERMISSION);
const exact = v1.Consistency.create({ requirement: { oneofKind: 'atExactSnapshot', atExactSnapshot: writtenAt } });
assert.equal(await check(one, exact), v1.CheckPermissionResponse_Permissionship.HAS_PERMISSION);
await assert.rejects(check(two, exact), (error) => error.code === 3);
console.log('two tokens saw two graphs');
process.exit(0);
