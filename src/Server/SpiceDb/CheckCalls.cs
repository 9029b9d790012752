using System.Runtime.InteropServices;
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
    private const int ChecksPerSlice = 256;

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
        foreach (CheckBulkPermissionsRequestItem[] slice in request.Items.Chunk(ChecksPerSlice))
        {
            call.Cancellation.ThrowIfCancellationRequested();
            response.Pairs.Add(CheckSlice(call.Access, snapshot, slice, request.WithTracing && call.Access.Detail == DenialDetail.All));
        }
        return new(response);
    }

    public static ValueTask<ExpandPermissionTreeResponse> Expand(ExpandPermissionTreeRequest request, RpcCall call)
    {
        Snapshot snapshot = call.Access.SnapshotForDecision(request.Consistency);
        Expansion root = snapshot.Expand(request.Resource.ToResource(), request.Permission);
        return new(new ExpandPermissionTreeResponse { ExpandedAt = SpiceDbWire.ToWire(snapshot.Token), TreeRoot = ToWire(root) });
    }

    /// <summary>One pair for each item, in order; those that can't be asked are left out of the batch and say why.</summary>
    private static IEnumerable<CheckBulkPermissionsPair> CheckSlice(Access access, Snapshot snapshot, CheckBulkPermissionsRequestItem[] items, bool withTracing)
    {
        RejectionException?[] refused = new RejectionException?[items.Length];
        List<CheckQuestion> questions = new(items.Length);
        for (int i = 0; i < items.Length; i++)
            if (TryAsk(access, items[i], out CheckQuestion question, out refused[i])) questions.Add(question);
        CheckResult[] results = new CheckResult[questions.Count];
        snapshot.CheckBatch(CollectionsMarshal.AsSpan(questions), results);
        int asked = 0;
        return items.Select((item, i) => refused[i] is { } rejection
            ? Error(item, rejection)
            : Pair(snapshot, item, questions[asked], results[asked++], withTracing));
    }

    private static bool TryAsk(Access access, CheckBulkPermissionsRequestItem item, out CheckQuestion question, out RejectionException? refused)
    {
        (question, refused) = (default, null);
        try
        {
            question = Question(item.Resource, item.Permission, item.Subject, item.Context);
            access.RequireSubject(question.Subject);
        }
        catch (RejectionException rejection)
        {
            refused = rejection;
        }
        return refused is null;
    }

    private static CheckBulkPermissionsPair Pair(Snapshot snapshot, CheckBulkPermissionsRequestItem item, CheckQuestion question, CheckResult result, bool withTracing)
    {
        if (result.Rejection is { } rejection) return Error(item, rejection);
        var found = new CheckBulkPermissionsResponseItem { Permissionship = result.Answer.ToPermissionship(), PartialCaveatInfo = result.Answer.Missing.ToWire() };
        try
        {
            if (withTracing) found.DebugTrace = Trace(snapshot, question, result.Answer);
        }
        catch (RejectionException tooLong)
        {
            return Error(item, tooLong);
        }
        return new CheckBulkPermissionsPair { Request = item, Item = found };
    }

    private static CheckBulkPermissionsPair Error(CheckBulkPermissionsRequestItem item, RejectionException rejection) => new() { Request = item, Error = SpiceDbStatuses.Describe(rejection) };

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
