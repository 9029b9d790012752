using AuthzGraph.SchemaCompiler.Reflection;

namespace AuthzGraph.SchemaCompiler.Changes;

/// <summary>
/// Whether more in a member means more authority. What is asked for adds: a member that nothing else uses, or that can be lent,
/// held autonomously or needed to approve, and the relations that give a role its authority. From there signs follow the uses:
/// what is subtracted from something that adds subtracts, what is subtracted from that adds again. Members that only use each
/// other in a circle add.
/// </summary>
internal sealed class MemberSigns
{
    private readonly CompiledSchema _schema;
    private readonly UseSign[] _signs;
    private readonly UseSign[] _arrows;
    private readonly Queue<MemberId> _changed = new();

    public MemberSigns(CompiledSchema schema)
    {
        _schema = schema;
        _signs = new UseSign[schema.Members.Length];
        _arrows = new UseSign[schema.Members.Length];
        foreach (MemberId id in Stopping()) Give(id, UseSign.Subtracts);
        foreach (MemberId id in Asked()) Give(id, UseSign.Adds);
        Spread();
        foreach (Member member in schema.Members)
        {
            if (_signs[member.Id.Value] == UseSign.None) Give(member.Id, UseSign.Adds);
            Spread();
        }
    }

    /// <summary>More in it never means more authority: permissions only subtract it, or it is what stops a principal, task or hop.</summary>
    public bool OnlySubtracts(MemberId member) => _signs[member.Value] == UseSign.Subtracts;

    /// <summary>Less in it can mean more authority.</summary>
    public bool MaySubtract(MemberId member) => _signs[member.Value].HasFlag(UseSign.Subtracts);

    /// <summary>An arrow asks for it, where more of it can mean more authority.</summary>
    public bool ArrowAdds(MemberId member) => _arrows[member.Value].HasFlag(UseSign.Adds);

    /// <summary>An arrow asks for it, where less of it can mean more authority.</summary>
    public bool ArrowSubtracts(MemberId member) => _arrows[member.Value].HasFlag(UseSign.Subtracts);

    private HashSet<MemberId> Stopping() =>
    [
        .. _schema.Types.SelectMany(type => new[]
        {
            type.SuspendedBy,
            (type.Role as Role.Task)?.ClosedBy,
            (type.Role as Role.Delegation)?.RevokedBy,
        }).OfType<MemberId>(),
    ];

    private IEnumerable<MemberId> Asked()
    {
        HashSet<MemberId> used = [.. _schema.Members.SelectMany(user => MemberUses.Of(user).Select(use => use.Member).Where(id => id != user.Id))];
        used.UnionWith(Stopping());
        foreach (Member member in _schema.Members)
        {
            if (!used.Contains(member.Id) || member.IsAutonomous || member.Delegable is not null) yield return member.Id;
            foreach (MemberId approval in member.Delegable?.Approvals ?? []) yield return approval;
        }
        foreach (ObjectType type in _schema.Types.Where(type => type.Role is not Role.None))
            foreach (Relation relation in type.Members.OfType<Relation>())
                if (!Stopping(type, relation.Id)) yield return relation.Id;
    }

    private static bool Stopping(ObjectType type, MemberId id) =>
        id == type.SuspendedBy || id == (type.Role as Role.Task)?.ClosedBy || id == (type.Role as Role.Delegation)?.RevokedBy;

    private void Give(MemberId member, UseSign sign)
    {
        UseSign both = _signs[member.Value] | sign;
        if (both == _signs[member.Value]) return;
        _signs[member.Value] = both;
        _changed.Enqueue(member);
    }

    private void Spread()
    {
        while (_changed.TryDequeue(out MemberId user))
        {
            foreach (MemberUse use in MemberUses.Of(_schema[user]))
            {
                UseSign sign = _signs[user.Value].Times(use.Sign);
                if (use.Place == UsePlace.Beyond) _arrows[use.Member.Value] |= sign;
                Give(use.Member, sign);
            }
        }
    }
}
