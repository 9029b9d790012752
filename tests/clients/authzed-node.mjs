// Drives a server with SpiceDB's own client and throws at the first answer that is not as it should be.
// node authzed-node.mjs 127.0.0.1:50051; prints the calls it made.
import assert from 'node:assert/strict';
import { v1 } from '@authzed/authzed-node';

const address = process.argv[2];
const client = v1.NewClient('any-token', address, v1.ClientSecurity.INSECURE_PLAINTEXT_CREDENTIALS);
const { promises } = client;
const calls = [];

const object = (text) => { const [objectType, objectId] = text.split(':'); return v1.ObjectReference.create({ objectType, objectId }); };
const subject = (text) => { const [of, optionalRelation = ''] = text.split('#'); return v1.SubjectReference.create({ object: object(of), optionalRelation }); };
const relationship = (resource, relation, who, rest = {}) =>
  v1.Relationship.create({ resource: object(resource), relation, subject: subject(who), ...rest });
const update = (operation, ...parts) => v1.RelationshipUpdate.create({ operation, relationship: relationship(...parts) });
const { CREATE, TOUCH, DELETE } = v1.RelationshipUpdate_Operation;
const full = v1.Consistency.create({ requirement: { oneofKind: 'fullyConsistent', fullyConsistent: true } });
const HAS = v1.CheckPermissionResponse_Permissionship.HAS_PERMISSION;
const NO = v1.CheckPermissionResponse_Permissionship.NO_PERMISSION;
const CONDITIONAL = v1.CheckPermissionResponse_Permissionship.CONDITIONAL_PERMISSION;

async function call(name, run) {
  calls.push(name);
  return await run();
}

async function refused(name, code, reason, run) {
  try {
    await call(name, run);
  } catch (error) {
    assert.equal(error.code, code, `${name}: ${error.message}`);
    if (reason) assert.ok(error.metadata.get('grpc-status-details-bin').toString().includes(reason), `${name} says ${reason}`);
    return error;
  }
  assert.fail(`${name} was not refused`);
}

const schema = `use expiration

caveat same_network(ip ipaddress, cidr string) {
  ip.in_cidr(cidr)
}

/** someone */
definition user {}

definition group {
  relation member: user | group#member
}

definition document {
  relation viewer: user | user:* | group#member | user with same_network | user with expiration
  relation banned: user
  permission view = viewer - banned
}
`;

const check = (resource, permission, who, rest = {}) => v1.CheckPermissionRequest.create({ consistency: full, resource: object(resource), permission, subject: subject(who), ...rest });

await refused('ReadSchema', 5, null, () => promises.readSchema(v1.ReadSchemaRequest.create({})));
await refused('WriteSchema', 3, 'ERROR_REASON_SCHEMA_PARSE_ERROR', () => promises.writeSchema(v1.WriteSchemaRequest.create({ schema: 'definition' })));
await refused('WriteSchema', 9, 'ERROR_REASON_SCHEMA_TYPE_ERROR', () => promises.writeSchema(v1.WriteSchemaRequest.create({ schema: 'definition user { permission view = nobody }' })));
await call('WriteSchema', () => promises.writeSchema(v1.WriteSchemaRequest.create({ schema })));
assert.equal((await call('ReadSchema', () => promises.readSchema(v1.ReadSchemaRequest.create({})))).schemaText, schema);

const written = await call('WriteRelationships', () => promises.writeRelationships(v1.WriteRelationshipsRequest.create({
  updates: [
    update(CREATE, 'document:readme', 'viewer', 'user:ann'),
    update(CREATE, 'document:readme', 'viewer', 'group:eng#member'),
    update(TOUCH, 'group:eng', 'member', 'user:bob'),
    update(TOUCH, 'document:plan', 'viewer', 'user:*'),
    update(TOUCH, 'document:plan', 'banned', 'user:eve'),
    update(TOUCH, 'document:net', 'viewer', 'user:ann', { optionalCaveat: { caveatName: 'same_network', context: { fields: { cidr: { kind: { oneofKind: 'stringValue', stringValue: '10.0.0.0/8' } } } } } }),
    update(TOUCH, 'document:short', 'viewer', 'user:ann', { optionalExpiresAt: { seconds: '4102444800', nanos: 0 } }),
  ],
  optionalTransactionMetadata: { fields: { why: { kind: { oneofKind: 'stringValue', stringValue: 'test' } } } },
})));
assert.ok(written.writtenAt.token.length > 0);
await refused('WriteRelationships', 6, 'ERROR_REASON_ATTEMPT_TO_RECREATE_RELATIONSHIP', () => promises.writeRelationships(v1.WriteRelationshipsRequest.create({ updates: [update(CREATE, 'document:readme', 'viewer', 'user:ann')] })));
await refused('WriteRelationships', 3, 'ERROR_REASON_CANNOT_UPDATE_PERMISSION', () => promises.writeRelationships(v1.WriteRelationshipsRequest.create({ updates: [update(CREATE, 'document:readme', 'view', 'user:ann')] })));
await refused('WriteRelationships', 3, 'ERROR_REASON_UPDATES_ON_SAME_RELATIONSHIP', () => promises.writeRelationships(v1.WriteRelationshipsRequest.create({ updates: [update(TOUCH, 'document:readme', 'banned', 'user:x'), update(DELETE, 'document:readme', 'banned', 'user:x')] })));
await refused('WriteRelationships', 9, 'ERROR_REASON_WRITE_OR_DELETE_PRECONDITION_FAILURE', () => promises.writeRelationships(v1.WriteRelationshipsRequest.create({
  updates: [update(TOUCH, 'document:readme', 'banned', 'user:x')],
  optionalPreconditions: [{ operation: v1.Precondition_Operation.MUST_MATCH, filter: v1.RelationshipFilter.create({ resourceType: 'document', optionalResourceId: 'nothing' }) }],
})));

const permissionship = async (request) => (await call('CheckPermission', () => promises.checkPermission(request))).permissionship;
assert.equal(await permissionship(check('document:readme', 'view', 'user:ann')), HAS);
assert.equal(await permissionship(check('document:readme', 'view', 'user:bob')), HAS);
assert.equal(await permissionship(check('document:readme', 'view', 'user:eve')), NO);
assert.equal(await permissionship(check('document:plan', 'view', 'user:eve')), NO);
assert.equal(await permissionship(check('document:plan', 'view', 'user:anybody')), HAS);
const conditional = await call('CheckPermission', () => promises.checkPermission(check('document:net', 'view', 'user:ann')));
assert.equal(conditional.permissionship, CONDITIONAL);
assert.deepEqual(conditional.partialCaveatInfo.missingRequiredContext, ['ip']);
const ip = (text) => ({ context: { fields: { ip: { kind: { oneofKind: 'stringValue', stringValue: text } } } } });
assert.equal(await permissionship(check('document:net', 'view', 'user:ann', ip('10.1.2.3'))), HAS);
assert.equal(await permissionship(check('document:net', 'view', 'user:ann', ip('11.1.2.3'))), NO);
const expiring = await call('CheckPermission', () => promises.checkPermission(check('document:short', 'view', 'user:ann')));
assert.equal(expiring.optionalExpiresAt.seconds, '4102444800');
const traced = await call('CheckPermission', () => promises.checkPermission(check('document:readme', 'view', 'user:bob', { withTracing: true })));
assert.equal(traced.debugTrace.check.resolution.oneofKind, 'subProblems');
assert.equal(traced.debugTrace.check.resolution.subProblems.traces[0].permission, 'viewer');
await refused('CheckPermission', 9, 'ERROR_REASON_UNKNOWN_DEFINITION', () => promises.checkPermission(check('nothing:x', 'view', 'user:ann')));
await refused('CheckPermission', 9, 'ERROR_REASON_UNKNOWN_RELATION_OR_PERMISSION', () => promises.checkPermission(check('document:x', 'look', 'user:ann')));
await refused('CheckPermission', 3, 'ERROR_REASON_WILDCARD_NOT_ALLOWED', () => promises.checkPermission(check('document:x', 'view', 'user:*')));

const items = [check('document:readme', 'view', 'user:ann'), check('document:readme', 'look', 'user:ann'), check('document:readme', 'view', 'user:eve')]
  .map(({ resource, permission, subject: who }) => v1.CheckBulkPermissionsRequestItem.create({ resource, permission, subject: who }));
const bulk = await call('CheckBulkPermissions', () => promises.checkBulkPermissions(v1.CheckBulkPermissionsRequest.create({ consistency: full, items })));
assert.deepEqual(bulk.pairs.map((p) => (p.response.oneofKind === 'item' ? p.response.item.permissionship : p.response.error.code)), [HAS, 9, NO]);
const bulkAsBefore = await call('BulkCheckPermission', () => promises.bulkCheckPermission(v1.BulkCheckPermissionRequest.create({ consistency: full, items })));
assert.deepEqual(bulkAsBefore.pairs.map((p) => p.response.oneofKind), ['item', 'error', 'item']);

const expanded = await call('ExpandPermissionTree', () => promises.expandPermissionTree(v1.ExpandPermissionTreeRequest.create({ consistency: full, resource: object('document:plan'), permission: 'view' })));
assert.equal(expanded.treeRoot.treeType.oneofKind, 'intermediate');
assert.equal(expanded.treeRoot.treeType.intermediate.operation, v1.AlgebraicSubjectSet_Operation.EXCLUSION);

const read = await call('ReadRelationships', () => promises.readRelationships(v1.ReadRelationshipsRequest.create({ consistency: full, relationshipFilter: { resourceType: 'document' }, optionalLimit: 2 })));
assert.equal(read.length, 2);
const rest = await call('ReadRelationships', () => promises.readRelationships(v1.ReadRelationshipsRequest.create({ relationshipFilter: { resourceType: 'document' }, optionalCursor: read[1].afterResultCursor })));
assert.equal(rest.length, 4);
await refused('ReadRelationships', 3, 'ERROR_REASON_INVALID_FILTER', () => promises.readRelationships(v1.ReadRelationshipsRequest.create({ consistency: full, relationshipFilter: {} })));
await refused('ReadRelationships', 9, 'ERROR_REASON_INVALID_CURSOR', () => promises.readRelationships(v1.ReadRelationshipsRequest.create({ relationshipFilter: { resourceType: 'group' }, optionalCursor: read[1].afterResultCursor })));

const resources = await call('LookupResources', () => promises.lookupResources(v1.LookupResourcesRequest.create({ consistency: full, resourceObjectType: 'document', permission: 'view', subject: subject('user:ann') })));
assert.deepEqual(resources.map((r) => `${r.resourceObjectId} ${r.permissionship}`).sort(), ['net 2', 'plan 1', 'readme 1', 'short 1']);
const subjects = await call('LookupSubjects', () => promises.lookupSubjects(v1.LookupSubjectsRequest.create({ consistency: full, resource: object('document:plan'), permission: 'view', subjectObjectType: 'user' })));
assert.deepEqual(subjects.map((s) => [s.subject.subjectObjectId, s.excludedSubjects.map((e) => e.subjectObjectId)]), [['*', ['eve']]]);
const named = await call('LookupSubjects', () => promises.lookupSubjects(v1.LookupSubjectsRequest.create({ consistency: full, resource: object('document:readme'), permission: 'view', subjectObjectType: 'user' })));
assert.deepEqual(named.map((s) => s.subject.subjectObjectId).sort(), ['ann', 'bob']);

const reflected = await call('ReflectSchema', () => promises.reflectSchema(v1.ReflectSchemaRequest.create({ consistency: full })));
assert.deepEqual(reflected.definitions.map((d) => d.name), ['user', 'group', 'document']);
assert.equal(reflected.caveats[0].parameters[0].type, 'ipaddress');
const oneDefinition = await call('ExperimentalReflectSchema', () => promises.experimentalReflectSchema(v1.ExperimentalReflectSchemaRequest.create({ consistency: full, optionalFilters: [{ optionalDefinitionNameFilter: 'doc' }] })));
assert.deepEqual([oneDefinition.definitions.map((d) => d.name), oneDefinition.caveats.length], [['document'], 0]);
const computable = await call('ComputablePermissions', () => promises.computablePermissions(v1.ComputablePermissionsRequest.create({ consistency: full, definitionName: 'group', relationName: 'member' })));
assert.deepEqual(computable.permissions.map((p) => `${p.definitionName}#${p.relationName}`), ['document#view']);
const sameComputable = await call('ExperimentalComputablePermissions', () => promises.experimentalComputablePermissions(v1.ExperimentalComputablePermissionsRequest.create({ consistency: full, definitionName: 'group', relationName: 'member' })));
assert.deepEqual(sameComputable.permissions.map((p) => `${p.definitionName}#${p.relationName}`), ['document#view']);
const dependent = await call('DependentRelations', () => promises.dependentRelations(v1.DependentRelationsRequest.create({ consistency: full, definitionName: 'document', permissionName: 'view' })));
assert.deepEqual(dependent.relations.map((p) => p.relationName), ['banned', 'viewer', 'member']);
const sameDependent = await call('ExperimentalDependentRelations', () => promises.experimentalDependentRelations(v1.ExperimentalDependentRelationsRequest.create({ consistency: full, definitionName: 'document', permissionName: 'view' })));
assert.deepEqual(sameDependent.relations.map((p) => p.relationName), ['banned', 'viewer', 'member']);
const diff = await call('DiffSchema', () => promises.diffSchema(v1.DiffSchemaRequest.create({ consistency: full, comparisonSchema: schema.replace(' - banned', '') })));
assert.deepEqual(diff.diffs.map((d) => d.diff.oneofKind), ['permissionExprChanged']);
const sameDiff = await call('ExperimentalDiffSchema', () => promises.experimentalDiffSchema(v1.ExperimentalDiffSchemaRequest.create({ consistency: full, comparisonSchema: schema.replace(' - banned', '') })));
assert.deepEqual(sameDiff.diffs.map((d) => d.diff.oneofKind), ['permissionExprChanged']);

const watched = [];
const stream = client.watch(v1.WatchRequest.create({ optionalStartCursor: written.writtenAt, optionalObjectTypes: ['group'] }));
const heard = new Promise((resolve, reject) => {
  stream.on('data', (message) => { watched.push(message); resolve(); });
  stream.on('error', reject);
});
calls.push('Watch');
await call('WriteRelationships', () => promises.writeRelationships(v1.WriteRelationshipsRequest.create({ updates: [update(CREATE, 'group:ops', 'member', 'user:dan')] })));
await heard;
stream.removeAllListeners('error');
stream.on('error', () => {});
stream.cancel();
assert.equal(watched[0].updates[0].operation, TOUCH);
assert.equal(watched[0].updates[0].relationship.subject.object.objectId, 'dan');

// under the names of today and under the first ones
for (const [importing, exporting, prefix, ImportRequest, ExportRequest] of [
  ['ImportBulkRelationships', 'ExportBulkRelationships', 'bulk', v1.ImportBulkRelationshipsRequest, v1.ExportBulkRelationshipsRequest],
  ['BulkImportRelationships', 'BulkExportRelationships', 'first', v1.BulkImportRelationshipsRequest, v1.BulkExportRelationshipsRequest],
]) {
  const method = (name) => name[0].toLowerCase() + name.slice(1);
  const imported = await call(importing, () => new Promise((resolve, reject) => {
    const upload = client[method(importing)]((error, value) => (error ? reject(error) : resolve(value)));
    for (let chunk = 0; chunk < 10; chunk++)
      upload.write(ImportRequest.create({ relationships: Array.from({ length: 200 }, (_, i) => relationship(`document:${prefix}-${chunk}-${i}`, 'viewer', 'user:ann')) }));
    upload.end();
  }));
  assert.equal(imported.numLoaded, '2000');
  const pages = await call(exporting, () => promises[method(exporting)](ExportRequest.create({ consistency: full, optionalRelationshipFilter: { resourceType: 'document', optionalResourceIdPrefix: `${prefix}-` } })));
  assert.equal(pages.reduce((sum, page) => sum + page.relationships.length, 0), 2000);
}

await call('ExperimentalRegisterRelationshipCounter', () => promises.experimentalRegisterRelationshipCounter(v1.ExperimentalRegisterRelationshipCounterRequest.create({ name: 'docs', relationshipFilter: { resourceType: 'document' } })));
const counted = await call('ExperimentalCountRelationships', () => promises.experimentalCountRelationships(v1.ExperimentalCountRelationshipsRequest.create({ name: 'docs' })));
assert.equal(counted.counterResult.readCounterValue.relationshipCount, '4006');
await call('ExperimentalUnregisterRelationshipCounter', () => promises.experimentalUnregisterRelationshipCounter(v1.ExperimentalUnregisterRelationshipCounterRequest.create({ name: 'docs' })));
await refused('ExperimentalCountRelationships', 9, 'ERROR_REASON_COUNTER_NOT_REGISTERED', () => promises.experimentalCountRelationships(v1.ExperimentalCountRelationshipsRequest.create({ name: 'docs' })));

await refused('DeleteRelationships', 3, 'ERROR_REASON_TOO_MANY_RELATIONSHIPS_FOR_TRANSACTIONAL_DELETE', () => promises.deleteRelationships(v1.DeleteRelationshipsRequest.create({ relationshipFilter: { resourceType: 'document' }, optionalLimit: 10 })));
const some = await call('DeleteRelationships', () => promises.deleteRelationships(v1.DeleteRelationshipsRequest.create({ relationshipFilter: { resourceType: 'document', optionalResourceIdPrefix: 'bulk-' }, optionalLimit: 10, optionalAllowPartialDeletions: true })));
assert.deepEqual([some.deletionProgress, some.relationshipsDeletedCount], [v1.DeleteRelationshipsResponse_DeletionProgress.PARTIAL, '10']);
const all = await call('DeleteRelationships', () => promises.deleteRelationships(v1.DeleteRelationshipsRequest.create({ relationshipFilter: { resourceType: 'document' } })));
assert.equal(all.deletionProgress, v1.DeleteRelationshipsResponse_DeletionProgress.COMPLETE);
assert.equal(await permissionship(check('document:readme', 'view', 'user:ann')), NO);
assert.equal(await permissionship(check('document:readme', 'view', 'user:ann', { consistency: v1.Consistency.create({ requirement: { oneofKind: 'atExactSnapshot', atExactSnapshot: written.writtenAt } }) })), HAS);

console.log(`${calls.length} calls of ${new Set(calls).size} methods: ${[...new Set(calls)].sort().join(' ')}`);
client.close();
process.exit(0);
