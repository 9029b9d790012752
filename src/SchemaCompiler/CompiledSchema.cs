using System.Collections.Frozen;
using System.Collections.Immutable;

namespace AuthzGraph.SchemaCompiler;

/// <summary>
/// A schema that compiled: everything the engine asks about definitions, by dense id, immutable.
/// Two schemas with the same <see cref="Digest"/> were compiled from the same text.
/// </summary>
public sealed class CompiledSchema
{
    /// <summary>The schema of an empty text.</summary>
    public static readonly CompiledSchema Empty = new("", usesDelegation: false, [], [], []);

    private readonly FrozenDictionary<string, ObjectType> _types;
    private readonly Dictionary<string, Member>[] _members;
    private readonly FrozenDictionary<string, Caveat> _caveats;

    public CompiledSchema(string text, bool usesDelegation,
        ImmutableArray<ObjectType> types, ImmutableArray<Member> members, ImmutableArray<EdgeType> edgeTypes,
        ImmutableArray<Caveat> caveats = default)
    {
        Text = text;
        Digest = SchemaDigest.Of(text);
        UsesDelegation = usesDelegation;
        Types = types;
        Members = members;
        EdgeTypes = edgeTypes;
        Caveats = caveats.IsDefault ? [] : caveats;
        _types = types.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);
        _members = [.. types.Select(_ => new Dictionary<string, Member>(StringComparer.Ordinal))];
        foreach (Member member in members) _members[member.Type.Value].Add(member.Name, member);
        _caveats = Caveats.ToFrozenDictionary(c => c.Name, StringComparer.Ordinal);
    }

    public string Text { get; }
    public SchemaDigest Digest { get; }

    /// <summary>Whether the text says <c>use delegation</c>: without it every check is plain.</summary>
    public bool UsesDelegation { get; }

    public ImmutableArray<ObjectType> Types { get; }
    public ImmutableArray<Member> Members { get; }
    public ImmutableArray<EdgeType> EdgeTypes { get; }
    public ImmutableArray<Caveat> Caveats { get; }

    public ObjectType this[TypeId id] => Types[id.Value];
    public Member this[MemberId id] => Members[id.Value];
    public EdgeType this[EdgeTypeId id] => EdgeTypes[id.Value];
    public Caveat this[CaveatId id] => Caveats[id.Value];

    public ObjectType? FindType(string name) => _types.TryGetValue(name, out ObjectType? type) ? type : null;
    public Member? FindMember(TypeId type, string name) => _members[type.Value].TryGetValue(name, out Member? member) ? member : null;
    public Caveat? FindCaveat(string name) => _caveats.GetValueOrDefault(name);
}
