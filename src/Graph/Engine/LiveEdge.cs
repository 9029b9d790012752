using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>An edge found, live or merely known; the default is none.</summary>
internal readonly record struct LiveEdge(EdgeTypeId Type, uint Resource, ObjectKey Subject, Window Window, uint Caveat)
{
    public LiveEdge(EdgeType type, in EdgeVersion edge)
        : this(type.Id, edge.Resource, new ObjectKey(type.SubjectType, edge.Subject), edge.Window, edge.Caveat)
    {
    }

    /// <summary>No object has number 0.</summary>
    public bool IsNone => Resource == 0;
}
