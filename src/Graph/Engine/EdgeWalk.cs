using AuthzGraph.Graph.Engine.Plans;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>Goes through the edges of one relation of one object that a revision sees, over all its edge types in the schema's order.</summary>
internal struct EdgeWalk(PlannedEdges[] edges, ulong revision, uint resource)
{
    private int _next;
    private EdgeListWalk _walk;

    public readonly EdgeType Type => edges[_next - 1].Type;
    public readonly Window Window => _walk.Current.Window;
    public readonly uint Caveat => _walk.Current.Caveat;
    public readonly ObjectKey Subject => new(Type.SubjectType, _walk.Current.Subject);
    public readonly LiveEdge Edge => new(Type, _walk.Current);

    public bool MoveNext()
    {
        while (_next == 0 || !_walk.MoveNext())
        {
            if (_next == edges.Length) return false;
            _walk = edges[_next++].Seen(resource, revision);
        }
        return true;
    }
}
