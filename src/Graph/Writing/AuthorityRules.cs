using AuthzGraph.Graph.Engine;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Writing;

/// <summary>
/// Raw tuples must not forge authority (DESIGN §4): a hop and a task are written whole, once, by one transaction; after
/// that only approvals, revocations and closures are added and windows shortened. Suspensions come and go.
/// </summary>
internal sealed class AuthorityRules(BoundSchema bound, ulong revision, Instant now, IReadOnlyList<ResolvedUpdate> updates)
{
    private readonly Lazy<ILookup<ObjectRef, ResolvedUpdate>> _byResource = new(() => updates.ToLookup(u => u.Tuple.Resource));

    public void Expect(WriteRight right)
    {
        foreach (ResolvedUpdate update in updates)
        {
            if (!CarriesAuthority(update)) continue;
            if (right != WriteRight.Authority) throw Rejections.NeedsAuthority(update.Tuple);
            switch (update.ResourceType.Role)
            {
                case Role.Delegation hop: ExpectHop(update, hop); break;
                case Role.Task task: ExpectTask(update, task); break;
            }
        }
    }

    private static bool CarriesAuthority(in ResolvedUpdate update) =>
        update.ResourceType.Role is Role.Delegation or Role.Task || update.EdgeType.Relation == update.ResourceType.SuspendedBy;

    private void ExpectHop(in ResolvedUpdate update, Role.Delegation hop)
    {
        if (update.Kind == UpdateKind.Delete) throw Rejections.Authority(update.Tuple, "nothing is taken from a hop: revoke it");
        if (!IsWritten(update)) ExpectWholeHop(update, hop);
        else if (!IsMember(update, hop.Approver) && !IsMember(update, hop.RevokedBy) && !Shortens(update))
            throw Rejections.Authority(update.Tuple, "a hop is written whole, once; afterwards it is approved, revoked or shortened");
    }

    private void ExpectWholeHop(in ResolvedUpdate update, Role.Delegation hop)
    {
        ExpectCount(update, hop.Delegator, 1, 1, "delegator");
        ExpectCount(update, hop.Delegate, 1, 1, "delegate");
        ExpectCount(update, hop.Parent, 0, 1, "parent");
        ExpectCount(update, hop.InTask, 1, 1, "task");
    }

    private void ExpectTask(in ResolvedUpdate update, Role.Task task)
    {
        bool isFixed = IsMember(update, task.OpenedBy) || IsMember(update, task.Parent);
        if (!IsWritten(update))
        {
            ExpectCount(update, task.OpenedBy, 1, 1, "opened_by");
            ExpectCount(update, task.Parent, 0, 1, "parent");
            if (IsMember(update, task.OpenedBy)) ExpectOpener(update, task);
        }
        else if (isFixed && !Shortens(update)) throw Rejections.Authority(update.Tuple, "who opened a task and its parent are fixed when it is opened");
        if (update.Kind == UpdateKind.Delete && (isFixed || IsMember(update, task.ClosedBy)))
            throw Rejections.Authority(update.Tuple, "a task is not unmade: close it, and open another");
    }

    /// <summary>A child task is opened by its parent's opener or by the delegate of a live hop in it; an agent needs an open parent.</summary>
    private void ExpectOpener(in ResolvedUpdate opening, Role.Task task)
    {
        SubjectRef opener = opening.Tuple.Subject;
        ObjectRef? parent = Siblings(opening).Where(u => IsMember(u, task.Parent)).Select(u => (ObjectRef?)u.Tuple.Subject.Object).FirstOrDefault();
        bool isAgent = bound.Schema[opening.EdgeType.SubjectType].Role is Role.Principal { Kind: PrincipalKind.Agent };
        if (parent is not { } above)
        {
            if (isAgent) throw Rejections.Authority(opening.Tuple, "a task that an agent opens has a parent");
            return;
        }
        if (isAgent && !IsOpen(above)) throw Rejections.Authority(opening.Tuple, $"`{above}` is not open");
        if (!Openers(above).Contains(opener) && !HoldsHopIn(above, opener))
            throw Rejections.Authority(opening.Tuple, $"`{opener}` neither opened `{above}` nor holds a live hop in it");
    }

    private bool IsOpen(ObjectRef task)
    {
        bool isNew = !IsStored(task, out Role.Task? role, out uint number);
        if (isNew) return _byResource.Value[task].Any(u => u.ResourceType.Role is Role.Task t && IsMember(u, t.OpenedBy))
            && !_byResource.Value[task].Any(u => u.ResourceType.Role is Role.Task t && IsMember(u, t.ClosedBy));
        return role is not null && Live(role.OpenedBy, number).Any() && !Live(role.ClosedBy, number).Any();
    }

    private IEnumerable<SubjectRef> Openers(ObjectRef task)
    {
        IEnumerable<SubjectRef> written = _byResource.Value[task]
            .Where(u => u.ResourceType.Role is Role.Task t && IsMember(u, t.OpenedBy)).Select(u => u.Tuple.Subject);
        return IsStored(task, out Role.Task? role, out uint number) && role is not null
            ? written.Concat(Live(role.OpenedBy, number).Select(e => e.Subject))
            : written;
    }

    private bool HoldsHopIn(ObjectRef task, SubjectRef opener)
    {
        foreach (ObjectType type in bound.Schema.Types)
        {
            if (type.Role is not Role.Delegation { InTask: { } inTask } role) continue;
            var filter = new TupleFilter { ResourceType = type.Name, Relation = bound.Schema[inTask].Name, Subject = new SubjectFilter(task.Type, task.Id) };
            foreach (RelationTuple edge in Reading.TupleReader.Read(bound, revision, now, filter))
            {
                uint hop = bound[type.Id].Find(edge.Resource.Id);
                if (Live(role.Delegate, hop).Any(e => e.Subject == opener) && !Live(role.RevokedBy, hop).Any()) return true;
            }
        }
        return false;
    }

    private IEnumerable<RelationTuple> Live(MemberId? relation, uint resource)
    {
        if (relation is not { } member) yield break;
        EdgeWalk walk = bound.Plans.Types[member].Walk(resource, revision);
        while (walk.MoveNext())
            if (walk.Window.Contains(now)) yield return TupleNames.Of(bound, walk.Type, resource, walk.Subject.Number, walk.Window, walk.Caveat);
    }

    private bool IsStored(ObjectRef task, out Role.Task? role, out uint number)
    {
        ObjectType? type = bound.Schema.FindType(task.Type);
        role = type?.Role as Role.Task;
        number = type is null ? 0 : bound[type.Id].Find(task.Id);
        return type is not null && number != 0 && IsMentioned(type, number);
    }

    private bool IsWritten(in ResolvedUpdate update)
    {
        uint number = bound[update.ResourceType.Id].Find(update.Tuple.Resource.Id);
        return number != 0 && IsMentioned(update.ResourceType, number);
    }

    /// <summary>Whether anything was ever written on the object.</summary>
    private bool IsMentioned(ObjectType type, uint number) =>
        type.Members.OfType<Relation>().Any(r => r.EdgeTypes.Any(e => bound[e.Id].Mentions(number)));

    private bool Shortens(in ResolvedUpdate update)
    {
        uint resource = bound[update.ResourceType.Id].Find(update.Tuple.Resource.Id);
        uint subject = update.EdgeType.Kind == SubjectKind.Wildcard ? EdgeStore.Wildcard : bound[update.EdgeType.SubjectType].Find(update.Tuple.Subject.Object.Id);
        return update.Kind == UpdateKind.Touch
            && bound[update.EdgeType.Id].TryFind(resource, subject, revision, out EdgeVersion edge)
            && bound.CaveatText(edge.Caveat) == update.Caveat
            && StartingAs(edge.Window, update.Window).Within(edge.Window);
    }

    private static Window StartingAs(Window stored, Window asked) => asked.NotBefore.IsFinite ? asked : asked with { NotBefore = stored.NotBefore };

    private void ExpectCount(in ResolvedUpdate update, MemberId? relation, int least, int most, string name)
    {
        if (relation is null) return;
        int count = Siblings(update).Count(u => IsMember(u, relation));
        if (count < least) throw Rejections.Authority(update.Tuple, $"`{update.Tuple.Resource}` is written whole: it needs a `{name}` in the same request");
        if (count > most) throw Rejections.Authority(update.Tuple, $"`{update.Tuple.Resource}` has one `{name}`, not {count}");
    }

    private IEnumerable<ResolvedUpdate> Siblings(ResolvedUpdate update) => _byResource.Value[update.Tuple.Resource];

    private static bool IsMember(in ResolvedUpdate update, MemberId? member) => update.EdgeType.Relation == member;
}
