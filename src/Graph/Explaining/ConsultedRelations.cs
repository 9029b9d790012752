using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Explaining;

/// <summary>
/// Which relations a decision about a permission may look at, whatever is written: those behind its rewrite, those that roles and containment
/// name, and those behind what approvers must hold.
/// </summary>
internal sealed class ConsultedRelations
{
    private readonly CompiledSchema _schema;
    private readonly HashSet<MemberId> _members = [];
    private readonly HashSet<MemberId> _walked = [];

    public ConsultedRelations(CompiledSchema schema, Member asked)
    {
        _schema = schema;
        Add(asked.Id);
        foreach (MemberId approval in asked.Delegable?.Approvals ?? []) Add(approval);
        if (!schema.UsesDelegation) return;
        foreach (ObjectType type in schema.Types)
            foreach (MemberId relation in OfRole(type, asked.Name)) AddWalked(relation);
    }

    public bool Contains(MemberId relation) => _members.Contains(relation);

    /// <summary>Whether all objects behind its edges matter, whoever is asked about.</summary>
    public bool IsWalked(MemberId relation) => _walked.Contains(relation);

    private static IEnumerable<MemberId> OfRole(ObjectType type, string permission)
    {
        IEnumerable<MemberId?> named = type.Role switch
        {
            Role.Principal principal => [principal.Sponsor],
            Role.Task task => [task.OpenedBy, task.ClosedBy, task.Parent],
            Role.Delegation hop => [hop.Delegator, hop.Delegate, hop.Parent, hop.InTask, hop.Onward, hop.Approver, hop.RevokedBy,
                hop.Lent.TryGetValue(permission, out MemberId lent) ? lent : null],
            _ => [],
        };
        return named.Append(type.SuspendedBy).OfType<MemberId>().Concat(type.Within);
    }

    private void AddWalked(MemberId relation)
    {
        _walked.Add(relation);
        Add(relation);
    }

    private void Add(MemberId id)
    {
        if (!_members.Add(id)) return;
        if (_schema[id] is Permission permission) Add(permission.Rewrite);
        else if (_schema[id] is Relation relation)
            foreach (EdgeType type in relation.EdgeTypes)
                if (type.SubjectRelation is { } member) Add(member);
    }

    private void Add(Rewrite rewrite)
    {
        switch (rewrite)
        {
            case Rewrite.Reference reference:
                Add(reference.Member);
                break;
            case Rewrite.Union union:
                foreach (Rewrite arm in union.Arms) Add(arm);
                break;
            case Rewrite.Intersection intersection:
                foreach (Rewrite arm in intersection.Arms) Add(arm);
                break;
            case Rewrite.Exclusion exclusion:
                Add(exclusion.Base);
                Add(exclusion.Subtracted);
                break;
            case Rewrite.Arrow arrow:
                AddWalked(arrow.Relation);
                foreach (ArrowTarget target in arrow.Targets) Add(target.Member);
                break;
        }
    }
}
