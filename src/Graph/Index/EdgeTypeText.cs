using AuthzGraph.Model;

namespace AuthzGraph.Graph.Index;

/// <summary>What the text of an edge type says of its two ends: <c>document#viewer@group#member</c>, <c>document#viewer@user:*</c>.</summary>
internal readonly record struct EdgeTypeText(string Text, string ResourceType, string SubjectType, bool IsWildcard)
{
    public static EdgeTypeText Parse(string text)
    {
        int relation = text.IndexOf('#');
        int subject = text.IndexOf('@');
        Invariant.That(relation > 0 && subject > relation);
        string whole = text[(subject + 1)..];
        return new EdgeTypeText(text, text[..relation], whole.Split('#', ':')[0], whole.EndsWith(":*", StringComparison.Ordinal));
    }
}
