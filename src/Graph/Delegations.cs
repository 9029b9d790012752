using System.Runtime.ExceptionServices;
using AuthzGraph.Graph.Delegating;
using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Graph.Writing;
using AuthzGraph.Model;

namespace AuthzGraph.Graph;

/// <summary>
/// Gives authority and takes it back, each by one safe call in the name of the principal who does it. The rules are looked at as the one writer,
/// against the newest revision and all that is on its way, so no two calls can pass each other. What a check would deny later is refused at once,
/// with the code it would be denied with; a refusal names the object and the tuple it rests on.
/// </summary>
public sealed class Delegations
{
    private readonly AuthorizationGraph _graph;
    private readonly Writer _writer;

    internal Delegations(AuthorizationGraph graph, Writer writer) => (_graph, _writer) = (graph, writer);

    /// <summary>Writes a hop whole: durable and visible once it returns.</summary>
    /// <exception cref="RejectionException">The delegator does not have what it would pass on, or the schema does not let it.</exception>
    public async ValueTask<DelegationReceipt> DelegateAsync(DelegateRequest request, CancellationToken cancellation = default)
    {
        if (request.Onward.IsDefault) request = request with { Onward = [] };
        var names = new ChosenNames(_graph.Identity);
        (ObjectRef Hop, Instant EndsAt)? made = null;
        WriteReceipt written = await RunAsync(request.By, () => Digests.Of(request), ground =>
        {
            ObjectRef hop = names.OfHop(ground.Schema, request);
            var rule = new DelegateRule(ground, request, hop);
            IReadOnlyList<TupleUpdate> updates = rule.Run();
            made = (hop, rule.EndsAt);
            return updates;
        }, cancellation).ConfigureAwait(false);
        if (made is { } done) return new DelegationReceipt(done.Hop, done.EndsAt, written);
        ObjectRef earlier = names.OfHop(_graph.Snapshot().Schema, request);
        return new DelegationReceipt(earlier, Describe(earlier).EndsAt, written);
    }

    /// <summary>Adds the caller as an approver of a hop.</summary>
    /// <exception cref="RejectionException">The caller is no active human who holds the approval permission, or the hop is over.</exception>
    public ValueTask<WriteReceipt> ApproveAsync(ApproveRequest request, CancellationToken cancellation = default) =>
        RunAsync(request.By, () => Digests.Of(request), ground => ApproveRule.Run(ground, request), cancellation);

    /// <summary>Takes back a hop and all under it, for good. One that is revoked stays as it is.</summary>
    /// <exception cref="RejectionException">The caller has no say over the chain.</exception>
    public ValueTask<WriteReceipt> RevokeAsync(RevokeRequest request, CancellationToken cancellation = default) =>
        RunAsync(request.By, () => Digests.Of(request), ground => RevokeRule.Run(ground, request), cancellation);

    /// <summary>Opens a task.</summary>
    /// <exception cref="RejectionException">The task above it is not open, or not the opener's to open tasks in.</exception>
    public async ValueTask<TaskReceipt> OpenTaskAsync(OpenTaskRequest request, CancellationToken cancellation = default)
    {
        var names = new ChosenNames(_graph.Identity);
        (ObjectRef Task, Instant EndsAt)? made = null;
        WriteReceipt written = await RunAsync(request.By, () => Digests.Of(request), ground =>
        {
            ObjectRef task = names.OfTask(ground.Schema, request);
            IReadOnlyList<TupleUpdate> updates = TaskRules.Open(ground, request, task, out Instant endsAt);
            made = (task, endsAt);
            return updates;
        }, cancellation).ConfigureAwait(false);
        if (made is { } done) return new TaskReceipt(done.Task, done.EndsAt, written);
        ObjectRef earlier = names.OfTask(_graph.Snapshot().Schema, request);
        return new TaskReceipt(earlier, Look(_graph.Snapshot(), ground => Endings.OfTask(ground, ground.Key(earlier))), written);
    }

    /// <summary>Ends a task and all authority under it, for good. One that is closed stays as it is.</summary>
    /// <exception cref="RejectionException">The caller has no say over the task.</exception>
    public ValueTask<WriteReceipt> CloseTaskAsync(CloseTaskRequest request, CancellationToken cancellation = default) =>
        RunAsync(request.By, () => Digests.Of(request), ground => TaskRules.Close(ground, request), cancellation);

    /// <summary>Stops a principal, or all that are within a fleet, until it is lifted.</summary>
    /// <exception cref="RejectionException">The caller does not answer for it.</exception>
    public ValueTask<WriteReceipt> SuspendAsync(SuspendRequest request, CancellationToken cancellation = default) =>
        RunAsync(request.By, () => Digests.Of(request), ground => SuspendRules.Suspend(ground, request), cancellation);

    /// <summary>Lifts the caller's suspension of a principal or, as an administrator, all.</summary>
    /// <exception cref="RejectionException">The caller does not answer for it.</exception>
    public async ValueTask<ResumeReceipt> ResumeAsync(ResumeRequest request, CancellationToken cancellation = default)
    {
        IReadOnlyList<ObjectRef> remaining = [];
        WriteReceipt written = await RunAsync(
            request.By, () => Digests.Of(request), ground => SuspendRules.Resume(ground, request, out remaining), cancellation).ConfigureAwait(false);
        return new ResumeReceipt([.. remaining], written);
    }

    /// <summary>The chain of a hop with a verdict for each, its tasks, who answers for its agents, and until when it holds by itself.</summary>
    /// <param name="snapshot">Null: the newest.</param>
    /// <param name="viewer">Who wants to know: then one whom the chain does not concern is told that there is no such hop.</param>
    /// <exception cref="RejectionException">There is no such hop.</exception>
    public DelegationReport Describe(ObjectRef delegation, Snapshot? snapshot = null, ObjectRef? viewer = null) => Look(snapshot ?? _graph.Snapshot(), ground =>
    {
        ObjectKey leaf = HopLook.Find(ground, delegation);
        if (viewer is { } named && !IsIn(ground, leaf, ground.Key(named))) throw DelegationRejections.NotFound(delegation, "delegation");
        return new Describing(ground, leaf).Run();
    });

    private static bool IsIn(Ground ground, ObjectKey leaf, ObjectKey viewer) =>
        HopLook.PlanOf(ground, leaf).Delegate.HasLiveTo(ground.Scope, leaf.Number, viewer) || RevokeRule.Concerns(ground, leaf, viewer);

    private static T Look<T>(Snapshot snapshot, Func<Ground, T> look)
    {
        using DecisionSeries series = snapshot.Series(contextJson: null);
        return With(series, look);
    }

    private async ValueTask<WriteReceipt> RunAsync(
        Deed by, Func<ulong> digest, Func<Ground, IReadOnlyList<TupleUpdate>> rule, CancellationToken cancellation)
    {
        var remarks = new Remarks(
            Metadata.Normalize(by.MetadataJson, _graph.Limits.MetadataBytes), IdempotencyKeys.NameOf(by.IdempotencyScope, by.IdempotencyKey), digest);
        ExceptionDispatchInfo? fault = null;
        try
        {
            Published published = await _writer.RunAsync(
                (WriterState state, out Published result) => state.Write(Judge, remarks, out result), cancellation).ConfigureAwait(false);
            return new WriteReceipt(published.Revision, published.CommittedAt, _graph.TokenOf(published));
        }
        catch (RejectionException) when (fault is not null)
        {
            fault.Throw();
            throw;
        }

        IReadOnlyList<TupleUpdate> Judge(BoundSchema bound, Revision revision, Instant now)
        {
            try
            {
                using var series = new DecisionSeries(_graph.Scopes, bound, revision, now, _graph.Limits, contextJson: null);
                return With(series, rule);
            }
            catch (Exception e) when (e is not RejectionException)
            {
                // a rule only reads: the writer need not stop for a bug in one, its caller hears of it
                fault = ExceptionDispatchInfo.Capture(e);
                throw Rejections.Closed();
            }
        }
    }

    private static T With<T>(in DecisionSeries series, Func<Ground, T> look)
    {
        if (!series.Scope.Schema.UsesDelegation) throw DelegationRejections.NotInSchema("`use delegation`");
        series.Scope.Renew();
        return look(new Ground(series.Scope));
    }
}
