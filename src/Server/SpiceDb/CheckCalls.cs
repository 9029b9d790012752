using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Wire;
using Google.Protobuf.WellKnownTypes;
using Permissionship = AuthzGraph.Protocol.Authzed.CheckPermissionResponse.Types.Permissionship;
using TreeOperation = AuthzGraph.Protocol.Authzed.AlgebraicSubjectSet.Types.Operation;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>The calls of authzed.api.v1.PermissionsService that decide, and the tree of a permission.</summary>
internal sealed class CheckCalls(Limits limits)
{
    public static ValueTask<CheckPermissionResponse> Check(CheckPermissionRequest request, RpcCall call)
    {
        Snapshot snapshot = call.Access.SnapshotForDecision(request.Consistency);
        CheckQuestion question = Question(request.Resource, request.Permission, request.Subject, request.Context);
        call.Access.RequireSubject(question.Subject);
        Answer answer = snapshot.Check(question);
        return new(new CheckPermissionResponse
        {
            CheckedAt = SpiceDbWire.ToWire(snapshot.Token),
            Permissionship = answer.ToPermissionship(),
            PartialCaveatInfo = answer.Missing.ToWire(),
            OptionalExpiresAt = Times.ToWire(answer.ValidUntil),
            DebugTrace = request.WithTracing && call.Access.Detail == DenialDetail.All ? Trace(snapshot, question, answer) : null,
        });
    }

    public ValueTask<CheckBulkPermissionsResponse> CheckBulk(CheckBulkPermissionsRequest request, RpcCall call)
    {
        Requests.ExpectChecks(request.Items.Count, limits);
        Snapshot snapshot = call.Access.SnapshotForDecision(request.Consistency);
        var response = new CheckBulkPermissionsResponse { CheckedAt = SpiceDbWire.ToWire(snapshot.Token) };
        CancellationToken cancellation = call.Cancellation;
        foreach (CheckBulkPermissionsRequestItem item in request.Items)
        {
            cancellation.ThrowIfCancellationRequested();
            response.Pairs.Add(CheckItem(call.Access, snapshot, item, request.WithTracing && call.Access.Detail == DenialDetail.All));
        }
        return new(response);
    }

    public static ValueTask<ExpandPermissionTreeResponse> Expand(ExpandPermissionTreeRequest request, RpcCall call)
    {
        Snapshot snapshot = call.Access.SnapshotForDecision(request.Consistency);
        Expansion root = snapshot.Expand(request.Resource.ToResource(), request.Permission);
        return new(new ExpandPermissionTreeResponse { ExpandedAt = SpiceDbWire.ToWire(snapshot.Token), TreeRoot = ToWire(root) });
    }

    private static CheckBulkPermissionsPair CheckItem(Access access, in Snapshot snapshot, CheckBulkPermissionsRequestItem item, bool withTracing)
    {
        var pair = new CheckBulkPermissionsPair { Request = item };
        try
        {
            CheckQuestion question = Question(item.Resource, item.Permission, item.Subject, item.Context);
            access.RequireSubject(question.Subject);
            Answer answer = snapshot.Check(question);
            pair.Item = new CheckBulkPermissionsResponseItem
            {
                Permissionship = answer.ToPermissionship(),
                PartialCaveatInfo = answer.Missing.ToWire(),
                DebugTrace = withTracing ? Trace(snapshot, question, answer) : null,
            };
        }
        catch (RejectionException rejection)
        {
            pair.Error = SpiceDbStatuses.Describe(rejection);
        }
        return pair;
    }

    private static CheckQuestion Question(ObjectReference? resource, string permission, SubjectReference? subject, Struct? context)
    {
        (Acting acting, string? json) = ActingContext.Split(context);
        return new CheckQuestion(resource.ToResource(), permission, subject.ToAsker(), acting, json);
    }

    private static DebugInformation Trace(in Snapshot snapshot, in CheckQuestion question, in Answer answer) =>
        new() { Check = new CheckTrace(snapshot, question).Of(answer), SchemaUsed = snapshot.Schema.Text };

    private static PermissionRelationshipTree ToWire(Expansion part)
    {
        var tree = new PermissionRelationshipTree { ExpandedObject = part.Resource.ToWire(), ExpandedRelation = part.Relation };
        if (part.Kind == ExpandKind.Leaf)
        {
            tree.Leaf = new DirectSubjectSet { Subjects = { part.Subjects.Select(found => found.Subject.ToWire()) } };
            return tree;
        }
        tree.Intermediate = new AlgebraicSubjectSet { Operation = ToWire(part.Kind), Children = { part.Children.Select(ToWire) } };
        return tree;
    }

    private static TreeOperation ToWire(ExpandKind kind) => kind switch
    {
        ExpandKind.Union => TreeOperation.Union,
        ExpandKind.Intersection => TreeOperation.Intersection,
        ExpandKind.Exclusion => TreeOperation.Exclusion,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
