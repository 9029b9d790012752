using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Reading;

/// <summary>Reads what is stored with one object: the context of the edge from it to itself.</summary>
internal static class PropertyReader
{
    public static string? Read(BoundSchema bound, Revision revision, Instant now, ObjectRef of)
    {
        if (!Names.IsObjectId(of.Id) || bound.Schema.FindType(of.Type) is not { Properties: { } properties }) return null;
        var itself = new TupleFilter { ResourceId = of.Id, Subject = new SubjectFilter(of.Type, of.Id) };
        var scan = new TupleScan(bound, bound.Schema[properties], revision.Value, now, itself);
        return scan.Read() && scan.Found is [var tuple] && tuple.Window.Contains(now) ? tuple.Caveat?.ContextJson : null;
    }
}
