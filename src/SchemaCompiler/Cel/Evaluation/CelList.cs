namespace AuthzGraph.SchemaCompiler.Cel.Evaluation;

/// <summary>A list that does not change.</summary>
internal sealed class CelList(CelValue[] items)
{
    public static CelList Empty { get; } = new([]);

    public ReadOnlySpan<CelValue> Items => items;

    public int Count => items.Length;
}
