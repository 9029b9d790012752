using AuthzGraph.SchemaCompiler;
using AuthzGraph.SchemaCompiler.Reflection;

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
        foreach (MemberUse use in MemberUses.Of(_schema[id]))
            if (use.Place == UsePlace.Along) AddWalked(use.Member);
            else Add(use.Member);
    }
}
