namespace AuthzGraph.Server.Security;

/// <summary>What a credential may do in a store. They are independent of each other: none includes another.</summary>
[Flags]
internal enum Rights : ushort
{
    /// <summary>Of a method: it is open to everybody who can connect, without a credential. Of a credential: nothing.</summary>
    None = 0,

    /// <summary>Ask for decisions, and what a subject may reach.</summary>
    Check = 1,

    /// <summary>See who acts for whom: agents listed with their roots and chains.</summary>
    Audit = 2,

    /// <summary>Ask about another revision or instant than the newest.</summary>
    Simulate = 4,

    /// <summary>Read the schema and relationships, and who has a permission.</summary>
    Read = 8,

    /// <summary>Write and delete relationships, except hops, tasks and suspensions.</summary>
    Write = 16,

    /// <summary>With <see cref="Write"/>: write hops, tasks and suspensions as relationships.</summary>
    Authority = 32,

    /// <summary>Write the schema, and try what a new one would do.</summary>
    Schema = 64,

    /// <summary>Take all relationships out.</summary>
    Export = 128,

    /// <summary>Operate the store: checkpoints, backups, metrics.</summary>
    Admin = 256,

    All = Check | Audit | Simulate | Read | Write | Authority | Schema | Export | Admin,
}
