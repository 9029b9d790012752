namespace AuthzGraph.SchemaCompiler.OpenFga;

/// <summary>A name of the model that is another one in the schema, so that relationships and requests can follow.</summary>
public abstract record OpenFgaChange
{
    private OpenFgaChange(LinePosition position, string from) => (Position, From) = (position, from);

    /// <summary>Where the model declares it.</summary>
    public LinePosition Position { get; }

    /// <summary><c>Document</c>, <c>Document#viewer</c> or a condition's name, as the model has it.</summary>
    public string From { get; }

    public sealed record ObjectType(LinePosition Position, string From, string To) : OpenFgaChange(Position, From)
    {
        public override string ToString() => $"{Position}: type `{From}` is called `{To}`";
    }

    public sealed record Condition(LinePosition Position, string From, string To) : OpenFgaChange(Position, From)
    {
        public override string ToString() => $"{Position}: condition `{From}` is called `{To}`";
    }

    /// <param name="AskedAs">What checks and usersets name now.</param>
    /// <param name="WrittenAs">What relationships are written as now; null when none could be written before either.</param>
    public sealed record Relation(LinePosition Position, string From, string AskedAs, string? WrittenAs) : OpenFgaChange(Position, From)
    {
        public override string ToString() => WrittenAs is null || WrittenAs == AskedAs
            ? $"{Position}: relation `{From}` is called `{AskedAs}`"
            : $"{Position}: relationships of `{From}` are written as `{WrittenAs}`; checks and usersets name `{AskedAs}`";
    }
}
