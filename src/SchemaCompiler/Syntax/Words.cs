namespace AuthzGraph.SchemaCompiler.Syntax;

/// <summary>The words of the language, by where they mean something.</summary>
internal static class Words
{
    public const string Definition = "definition", Caveat = "caveat", Relation = "relation", Permission = "permission";
    public const string Nil = "nil", With = "with";
    public const string Use = "use", Import = "import", Partial = "partial", Typechecking = "typechecking";
    public const string Expiration = "expiration", And = "and", Self = "self", Delegation = "delegation";
    public const string Any = "any", All = "all";
    public const string Principal = "principal", Task = "task", Within = "within", Delegable = "delegable";
    public const string Autonomous = "autonomous", Domain = "domain";
    public const string Max = "max", Hops = "hops", Ttl = "ttl", Approval = "approval";

    /// <summary>What may follow <c>use</c>.</summary>
    public static readonly string[] Flags = [Delegation, Expiration, Import, Partial, Self, Typechecking];

    /// <summary>Words that begin a member after <c>use delegation</c>, and are plain names everywhere else.</summary>
    public static readonly string[] Clauses = [Principal, Task, Delegation, Within, Delegable, Autonomous, Domain];

    public static readonly string[] TopLevel = [Definition, Caveat, Use, Import, Partial];
    public static readonly string[] Members = [Relation, Permission];
}
