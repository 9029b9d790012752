using System.Collections.Immutable;
using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Rpc;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Wire;
using AuthzGraph.Server.Wire.Checks;
using Google.Protobuf;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;
using Snapshot = AuthzGraph.Graph.Snapshot;

namespace AuthzGraph.Server.Services;

/// <summary>authzgraph.v1.Permissions: each answer is read from one snapshot.</summary>
internal sealed class PermissionsService(Limits limits)
{
    private readonly CheckNames _names = new();
    private readonly ThreadLocal<BatchSlice> _slices = new(static () => new BatchSlice());

    private static ServiceDescriptor Descriptor => PermissionsReflection.Descriptor.Services[0];

    public RpcService Bind() => new RpcService(Descriptor)
        .Unary<CheckRequest, CheckResponse>("Check", Rights.Check, Check)
        .Unary<CheckBatchRequest, CheckBatchResponse>("CheckBatch", Rights.Check, CheckBatch)
        .Unary<ExpandRequest, ExpandResponse>("Expand", Rights.Read, Expand)
        .ServerStream<LookupResourcesRequest, LookupResourcesResponse>("LookupResources", Rights.Check, LookupResourcesAsync, collected: LookupResourcesOnce)
        .ServerStream<LookupSubjectsRequest, LookupSubjectsResponse>("LookupSubjects", Rights.Read, LookupSubjectsAsync, collected: LookupSubjectsOnce)
        .ServerStream<WatchDecisionRequest, WatchDecisionResponse>("WatchDecision", Rights.Check, WatchDecisionAsync);

    private void Check(ReadOnlySpan<byte> request, FieldWriter answer, RpcCall call)
    {
        Access access = call.Access;
        var asked = new CheckFields(request);
        CheckQuestion question = asked.ToQuestion(_names);
        access.RequireSubject(question.Subject);
        Snapshot snapshot = access.SnapshotForDecision(asked.Consistency.ToModel());
        bool tellsAll = access.Detail == DenialDetail.All && (asked.Explain || asked.SeekRemedies);
        Evidence? evidence = tellsAll ? new Evidence { SeeksRemedies = asked.SeekRemedies } : null;
        answer.WriteDecision(snapshot.Check(question, evidence), access, evidence);
        answer.WriteSnapshot(snapshot);
    }

    private void CheckBatch(ReadOnlySpan<byte> request, FieldWriter answer, RpcCall call)
    {
        BatchFields asked = BatchFields.Read(request);
        Requests.ExpectChecks(asked.Count, limits);
        Snapshot snapshot = call.Access.SnapshotForDecision(asked.Consistency.ToModel());
        BatchSlice slice = _slices.Value ??= new BatchSlice();
        for (int left = asked.Count; left > 0; left -= BatchSlice.Size)
        {
            call.Cancellation.ThrowIfCancellationRequested();
            slice.Read(ref asked, call.Access, _names);
            slice.Decide(snapshot, call.Access, answer);
        }
        answer.WriteSnapshot(snapshot);
    }

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
