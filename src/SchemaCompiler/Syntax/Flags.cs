namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>What the <c>use</c> lines read so far have turned on.</summary>
internal sealed class Flags
{
    public bool Expiration { get; private set; }
    public bool Self { get; private set; }
    public bool Delegation { get; private set; }
    public bool Partial { get; private set; }
    public bool Import { get; private set; }
    public bool Typechecking { get; private set; }

    public void TurnOn(string flag)
    {
        Expiration |= flag == Words.Expiration;
        Self |= flag == Words.Self;
        Delegation |= flag == Words.Delegation;
        Partial |= flag == Words.Partial;
        Import |= flag == Words.Import;
        Typechecking |= flag == Words.Typechecking;
    }

    /// <summary>Whether a word cannot be a name: SpiceDB's keywords, and those a flag makes keywords.</summary>
    public bool Reserves(ReadOnlySpan<char> word) => word switch
    {
        Words.Definition or Words.Caveat or Words.Relation or Words.Permission or Words.Nil or Words.With => true,
        Words.Expiration or Words.And => Expiration,
        Words.Self => Self,
        Words.Partial => Partial,
        Words.Import => Import,
        Words.Typechecking => Typechecking,
        _ => false,
    };
}
