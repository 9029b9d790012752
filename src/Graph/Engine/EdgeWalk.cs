using System.Collections.Immutable;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>Goes through the edges of one relation of one object, over all its edge types in the schema's order, newest first in each.</summary>
internal struct EdgeWalk(BoundSchema bound, ulong revision, ImmutableArray<EdgeType> types, uint resource)
{
    private int _next;
    private EdgeType? _type;
    private EdgeListWalk _walk;

    /// <summary>Only the edges of one type.</summary>
    public EdgeWalk(BoundSchema bound, ulong revision, EdgeType only, uint resource) : this(bound, revision, [], resource)
    {
        _type = only;
        _walk = bound[only.Id].OfResource(resource, revision);
    }

    public readonly EdgeType Type => _type ?? throw new InvariantException("the walk has not begun");
    public readonly Window Window => _walk.Current.Window;
    public readonly uint Caveat => _walk.Current.Caveat;
    public readonly ObjectKey Subject => new(Type.SubjectType, _walk.Current.Subject);

    public bool MoveNext()
    {
        while (_type is null || !_walk.MoveNext())
        {
            if (_next == types.Length) return false;
            _type = types[_next++];
            _walk = bound[_type.Id].OfResource(resource, revision);
        }
        return true;
    }
}
