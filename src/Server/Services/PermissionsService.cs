using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Wire;
using Google.Protobuf;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;
using Snapshot = AuthzGraph.Graph.Snapshot;

namespace AuthzGraph.Server.Services;

/// <summary>authzgraph.v1.Permissions: each answer is read from one snapshot.</summary>
internal sealed class PermissionsService(Limits limits)
{
    private const int ChecksPerSlice = 256;

    private static ServiceDescriptor Descriptor => PermissionsReflection.Descriptor.Services[0];

    public RpcService Bind() => new RpcService(Descriptor)
        .Unary<CheckRequest, CheckResponse>("Check", Rights.Check, Check)
        .Unary<CheckBatchRequest, CheckBatchResponse>("CheckBatch", Rights.Check, CheckBatch)
        .Unary<ExpandRequest, ExpandResponse>("Expand", Rights.Read, Expand)
        .ServerStream<LookupResourcesRequest, LookupResourcesResponse>("LookupResources", Rights.Check, LookupResourcesAsync, collected: LookupResourcesOnce)
        .ServerStream<LookupSubjectsRequest, LookupSubjectsResponse>("LookupSubjects", Rights.Read, LookupSubjectsAsync, collected: LookupSubjectsOnce)
        .ServerStream<WatchDecisionRequest, WatchDecisionResponse>("WatchDecision", Rights.Check, WatchDecisionAsync);

    private ValueTask<CheckResponse> Check(CheckRequest request, RpcCall call)
    {
        Access access = call.Access;
        CheckQuestion question = request.ToQuestion();
        access.RequireSubject(question.Subject);
        Snapshot snapshot = access.SnapshotForDecision(request.Consistency.ToModel());
        bool tellsAll = access.Detail == DenialDetail.All && (request.Explain || request.SeekRemedies);
        Evidence? evidence = tellsAll ? new Evidence { SeeksRemedies = request.SeekRemedies } : null;
        Answer answer = snapshot.Check(question, evidence);
        return new(new CheckResponse { Decision = answer.ToWire(access, evidence), Snapshot = snapshot.ToWire() });
    }

    private ValueTask<CheckBatchResponse> CheckBatch(CheckBatchRequest request, RpcCall call)
    {
        Requests.ExpectChecks(request.Items.Count, limits);
        Snapshot snapshot = call.Access.SnapshotForDecision(request.Consistency.ToModel());
        var response = new CheckBatchResponse { Snapshot = snapshot.ToWire() };
        for (int from = 0; from < request.Items.Count; from += ChecksPerSlice)
        {
            call.Cancellation.ThrowIfCancellationRequested();
            response.Results.AddRange(CheckTogether(call.Access, snapshot, request.Items.Skip(from).Take(ChecksPerSlice)));
        }
        return new(response);
    }

    /// <summary>Items that cannot be read as questions get their errors in place; the others are asked together.</summary>
    private static CheckBatchResult[] CheckTogether(Access access, in Snapshot snapshot, IEnumerable<CheckBatchItem> items)
    {
        var questions = new List<CheckQuestion>();
        CheckBatchResult?[] unread = [.. items.Select(item => TryRead(access, item, questions))];
        var results = new CheckResult[questions.Count];
        snapshot.CheckBatch(CollectionsMarshal.AsSpan(questions), results);
        int next = 0;
        return Array.ConvertAll(unread, error => error ?? ToWire(access, results[next++]));
    }

    private static CheckBatchResult? TryRead(Access access, CheckBatchItem item, List<CheckQuestion> questions)
    {
        try
        {
            CheckQuestion question = item.ToQuestion();
            access.RequireSubject(question.Subject);
            questions.Add(question);
            return null;
        }
        catch (RejectionException rejection)
        {
            return new CheckBatchResult { Error = Statuses.ToItemError(rejection) };
        }
    }

    private static CheckBatchResult ToWire(Access access, in CheckResult result) => result.Rejection is { } rejection
        ? new CheckBatchResult { Error = Statuses.ToItemError(rejection) }
        : new CheckBatchResult { Decision = result.Answer.ToWire(access) };

    private static async ValueTask WatchDecisionAsync(WatchDecisionRequest request, RpcWriter<WatchDecisionResponse> output, RpcCall call)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, call.Draining);
        ImmutableArray<CheckQuestion> questions = [.. request.Items.Select(Requests.ToQuestion)];
        foreach (CheckQuestion question in questions) call.Access.RequireSubject(question.Subject);
        await output.WriteAllAsync(call.Access.Graph.WatchDecisionsAsync(questions, ends.Token).Select(change => change.ToWire(call.Access)));
    }

    private ValueTask<ExpandResponse> Expand(ExpandRequest request, RpcCall call)
    {
        if (request.ActingType.Length > 0) call.Access.Require(Rights.Audit);
        Snapshot snapshot = call.Access.SnapshotForDecision(request.Consistency.ToModel());
        Graph.Expansion root = snapshot.Expand(request.Resource.ToResource(), request.Permission, request.Recursive ? ExpandDepth.Recursive : ExpandDepth.OneLevel);
        var response = new ExpandResponse { Root = root.ToWire(), Snapshot = snapshot.ToWire() };
        if (request.ActingType.Length > 0) response.Acting.AddRange(LookupPages.Acting(snapshot, request, limits, call.Cancellation));
        return new(response);
    }

    private ValueTask LookupResourcesAsync(LookupResourcesRequest request, RpcWriter<LookupResourcesResponse> output, RpcCall call) =>
        output.WriteAllAsync(LookupPages.Of(call.Access, request, most: null, limits, call.Cancellation));

    private ValueTask<LookupResourcesResponse> LookupResourcesOnce(LookupResourcesRequest request, RpcCall call) =>
        new(Merged(LookupPages.Of(call.Access, request, limits.ResultsPerJsonLookup, limits, call.Cancellation)));

    private ValueTask LookupSubjectsAsync(LookupSubjectsRequest request, RpcWriter<LookupSubjectsResponse> output, RpcCall call) =>
        output.WriteAllAsync(LookupPages.Of(call.Access, request, most: null, limits, call.Cancellation));

    private ValueTask<LookupSubjectsResponse> LookupSubjectsOnce(LookupSubjectsRequest request, RpcCall call) =>
        new(Merged(LookupPages.Of(call.Access, request, limits.ResultsPerJsonLookup, limits, call.Cancellation)));

    private static T Merged<T>(IEnumerable<T> pages) where T : IMessage<T>, new()
    {
        T all = new();
        foreach (T page in pages) all.MergeFrom(page);
        return all;
    }
}
