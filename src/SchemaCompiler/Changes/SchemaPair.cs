namespace AuthzGraph.SchemaCompiler.Changes;

/// <summary>Two schemas with what the rules of widening ask of each.</summary>
internal sealed class SchemaPair(CompiledSchema before, CompiledSchema after)
{
    public CompiledSchema Before { get; } = before;
    public CompiledSchema After { get; } = after;
    public MemberSigns SignsBefore { get; } = new(before);
    public MemberSigns SignsAfter { get; } = new(after);
    public RewriteInclusion Inclusion { get; } = new(before, after);
}
