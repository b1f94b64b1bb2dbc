import ReactMarkdown from 'react-markdown'
import rehypeSanitize from 'rehype-sanitize'

const SANITIZERS = [rehypeSanitize]

/** Markdown as elements, without any HTML of its own and without pictures, which would be fetched from elsewhere. */
export const MarkdownText = ({ text }: { readonly text: string }) => (
  <ReactMarkdown rehypePlugins={SANITIZERS} disallowedElements={['img']} skipHtml>
    {text}
  </ReactMarkdown>
)
